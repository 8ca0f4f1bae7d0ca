// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/document_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

std::shared_ptr<const ListedDirectory> listed_directory(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    throw system_error("cannot read the directory '" + path + "'", errno);
  return std::make_shared<const ListedDirectory>(
      ListedDirectory{.path = path, .device = status.st_dev, .inode = status.st_ino});
}

/// The files beneath a directory that end so, in the order of their names. Links are not followed: what they
/// lead to is there under its own name, or was not meant.
void add_directory(const fs::path& directory, const std::string& output_directory,
                   std::span<const std::string_view> endings, std::vector<FileName>& files) {
  std::error_code failed;
  std::vector<FileName> found;
  auto const listed = listed_directory(directory.string());
  fs::recursive_directory_iterator entry(directory, failed);
  for (; !failed && entry != fs::end(entry); entry.increment(failed)) {
    if (entry->is_symlink()) continue;
    if (entry->is_directory() && !output_directory.empty() &&
        fs::equivalent(entry->path(), output_directory, failed))
      entry.disable_recursion_pending();
    bool const ends_so = std::ranges::find(endings, entry->path().extension().string()) != endings.end();
    if (ends_so && entry->is_regular_file())
      found.push_back(
          {entry->path().string(),
           output_directory.empty() ? std::string() : entry->path().lexically_relative(directory).string(),
           listed});
  }
  if (failed) throw system_error("cannot read the directory '" + directory.string() + "'", failed.value());
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  std::move(found.begin(), found.end(), std::back_inserter(files));
}

/// Where a listed file lands in --output-dir: under the path that it is listed with.
std::string below_of_listed(const std::string& name) {
  return fs::path(name).lexically_normal().relative_path().string();
}

void add_list(const std::string& text, char separator, bool keeps_tree, std::vector<FileName>& files) {
  std::string_view rest = text;
  while (!rest.empty()) {
    std::size_t const end = std::min(rest.find(separator), rest.size());
    std::string name(rest.substr(0, end));
    if (separator == '\n' && name.ends_with('\r')) name.pop_back();
    if (name == "-")
      throw Error(Exit::usage, "'-' in a list of files does not stand for stdin",
                  "name - as a word, or ./- if a file is called so");
    if (!name.empty()) {
      std::string below = keeps_tree ? below_of_listed(name) : std::string();
      files.push_back({std::move(name), std::move(below)});
    }
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
}

}  // namespace

std::vector<FileName> document_files(const BatchOptions& options, const std::vector<std::string>& words,
                                     StdinReader& input, std::span<const std::string_view> endings) {
  std::vector<FileName> files;
  const std::string& list = options.files_from;
  bool const keeps_tree = !options.output_dir.empty();
  if (!list.empty())
    add_list(list == "-" ? input.take_all() : read_file(list), options.null ? '\0' : '\n', keeps_tree, files);
  for (const std::string& word : words) {
    std::error_code failed;  // reported when it is read
    if (list == "-" && word == "-")
      throw Error(Exit::usage, "stdin cannot be a list of files and a document",
                  "name one of them by its file");
    if (options.recursive && word != "-" && fs::is_directory(word, failed))
      add_directory(word, options.output_dir, endings, files);
    else
      files.push_back({word, keeps_tree ? fs::path(word).filename().string() : std::string()});
  }
  if (words.empty() && list.empty()) files.push_back({"-", {}});
  return files;
}

Error no_document(const std::vector<FileName>& files) {
  if (files.empty())
    return Error(Exit::invalid, "there is no document", "--files-from and -r have named no file");
  if (std::ranges::find(files, "-", &FileName::path) == files.end())
    return Error(Exit::invalid, "there is no document", "every file was skipped");
  return Error(Exit::invalid, Place{.file = "<stdin>"}, "there is no document", "a domain's XML is expected");
}

}  // namespace virt_iface
