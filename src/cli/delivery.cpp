// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/delivery.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<FileName>;
using Identity = std::pair<dev_t, ino_t>;

constexpr std::size_t buffered = 65536;

bool has_stdin(const Files& files) {
  return std::any_of(files.begin(), files.end(), [](const FileName& f) { return f.path == "-"; });
}

std::string path_in(const Destination& to, const FileName& file) {
  return to.folder + '/' + file.below;
}

std::optional<Identity> identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return std::nullopt;
  return Identity(status.st_dev, status.st_ino);
}

void require_distinct_results(const Destination& to, const Files& files) {
  std::map<std::string_view, const FileName*> taken;
  for (const FileName& file : files) {
    if (file.below.empty() || file.below == "." || file.below.starts_with("..") || file.below.ends_with("/"))
      throw Error(Exit::usage, "'" + file.path + "' has no place beneath '" + to.folder + "'",
                  "name it without '..', or put it there with -o");
    auto const [entry, is_new] = taken.try_emplace(file.below, &file);
    if (!is_new)
      throw Error(Exit::usage,
                  "'" + entry->second->path + "' and '" + file.path + "' would both become '" +
                      path_in(to, file) + "'",
                  "name their folder with -r, or list them with --files-from: both keep the folders below");
  }
}

void require_no_input_as_result(const Destination& to, const Files& files) {
  std::map<Identity, const FileName*> results;
  for (const FileName& file : files)
    if (auto const there = identity(path_in(to, file))) results.emplace(*there, &file);
  if (results.empty()) return;
  for (const FileName& file : files) {
    auto const there = identity(file.path);
    if (there && results.contains(*there))
      throw Error(Exit::usage,
                  "'" + path_in(to, *results.at(*there)) + "' is the document '" + file.path +
                      "' itself, and --output-dir would write over it",
                  "use --in-place if that is meant");
  }
}

/// The report is begun before the first document is read.
void require_report_apart(const std::string& report, const Files& files) {
  if (report.empty() || report == "-") return;
  auto const there = identity(report);
  for (const FileName& file : files)
    if (there && identity(file.path) == there)
      throw Error(Exit::usage, "the report would be written over the document '" + file.path + "'",
                  "name another file for --report");
}

std::set<std::string> result_folders(const Destination& to, const Files& files) {
  std::set<std::string> folders;
  for (const FileName& file : files)
    folders.insert(fs::path(to.in_place ? file.path : path_in(to, file)).parent_path().string());
  return folders;
}

void require_no_contradiction(const Destination& to, const Files& files) {
  if (int{to.in_place} + int{!to.file.empty()} + int{!to.folder.empty()} > 1)
    throw Error(Exit::usage, "--in-place, --output-dir and -o exclude each other",
                "say where the result goes once");
  if (!to.file.empty() && files.size() > 1)
    throw Error(Exit::usage, "-o takes one document", "use --output-dir, --in-place, or one call a document");
  if (to.in_place && has_stdin(files))
    throw Error(Exit::usage, "--in-place needs files", "stdin has no place; leave --in-place out");
  if (!to.folder.empty() && has_stdin(files))
    throw Error(Exit::usage, "--output-dir needs files", "stdin has no name; use -o FILE");
}

}  // namespace

void require_usable_suffix(const Arguments& arguments) {
  if (!arguments.has("backup")) return;
  if (!arguments.has("in-place")) throw Error(Exit::usage, "--backup goes with --in-place");
  std::string const suffix = arguments.text("backup");
  if (suffix.empty() || suffix.find('/') != suffix.npos)
    throw Error(Exit::usage,
                "a --backup suffix cannot " + std::string(suffix.empty() ? "be empty" : "hold '/'"),
                "use something like .orig");
}

Destination destination_of(const Arguments& arguments, const Files& files) {
  Destination to{.check = arguments.has("check"),
                 .diff = arguments.has("diff"),
                 .in_place = arguments.has("in-place"),
                 .backup = arguments.text("backup"),
                 .file = arguments.text("output"),
                 .folder = arguments.text("output-dir")};
  if (to.file == "-") to.file.clear();
  while (to.folder.size() > 1 && to.folder.ends_with("/")) to.folder.pop_back();
  require_no_contradiction(to, files);
  require_usable_suffix(arguments);
  require_report_apart(arguments.text("report"), files);
  if (to.folder.empty()) return to;
  require_distinct_results(to, files);
  require_no_input_as_result(to, files);
  if (to.writes())
    for (const std::string& folder : result_folders(to, files)) make_folders(folder);
  return to;
}

void deliver_file(const Processed& result, const FileName& from, const FileVersion& version,
                  const Destination& to) {
  if (!to.to_files()) return;
  if (!to.in_place)
    replace_file(path_in(to, from), result.output, {.mode_of = from.path, .sync_folder = false});
  else if (result.changed)
    replace_file(from.path, result.output,
                 {.backup_suffix = to.backup, .expected = &version, .sync_folder = false});
}

void sync_folders(const Destination& to, const Files& files) {
  if (!to.to_files()) return;
  for (const std::string& folder : result_folders(to, files)) sync_folder(folder.empty() ? "." : folder);
}

void OutputBuffer::add(std::string_view data) {
  std::lock_guard const lock(busy_);
  if (data_.size() + data.size() > buffered) write();
  if (data.size() >= buffered)
    write_all(STDOUT_FILENO, data, "stdout");
  else
    data_ += data;
}

void OutputBuffer::flush() {
  std::lock_guard const lock(busy_);
  write();
}

void OutputBuffer::write() {
  write_all(STDOUT_FILENO, data_, "stdout");
  data_.clear();
}

}  // namespace virt_iface
