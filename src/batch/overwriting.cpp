// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/overwriting.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/stream.hpp"
#include "batch/real_paths.hpp"

namespace virt_iface {
namespace {

using Files = std::vector<FileName>;
using Identity = std::pair<dev_t, ino_t>;
using Taken = std::unordered_map<std::string, const FileName*>;

/// Nothing too where it is no file: a device or a pipe may be written to by many.
std::optional<Identity> identity(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return Identity(status.st_dev, status.st_ino);
}

void require_distinct_results(const Destination& to, const Files& files) {
  RealPaths real;
  Taken taken;
  for (const FileName& file : files) {
    bool const outside = file.below == ".." || file.below.starts_with("../");
    if (file.below.empty() || file.below == "." || outside || file.below.ends_with("/"))
      throw Error(Exit::usage, "'" + file.path + "' has no place below '" + to.directory + "'",
                  "name it without '..', or put it there with -o");
    auto const [entry, is_new] = taken.try_emplace(real.target(to.result_of(file)), &file);
    if (is_new) continue;
    const FileName& other = *entry->second;
    bool const same_name = other.below == file.below;
    throw Error(
        Exit::usage,
        "'" + other.path + "' and '" + file.path + "' would both become '" +
            (same_name ? to.result_of(file) : entry->first) + "'",
        same_name
            ? "name their directory with -r, or list them with --files-from: both keep the directories below"
            : "there are links below '" + to.directory + "': remove them, or use another directory");
  }
}

void require_no_input_as_result(const Destination& to, const Files& files) {
  std::map<Identity, const FileName*> results;
  for (const FileName& file : files)
    if (auto const there = identity(to.result_of(file))) results.emplace(*there, &file);
  if (results.empty()) return;
  for (const FileName& file : files) {
    auto const there = identity(file.path);
    if (there && results.contains(*there))
      throw Error(Exit::usage,
                  "'" + to.result_of(*results.at(*there)) + "' is the document '" + file.path +
                      "' itself, and --output-dir would write over it",
                  "use --in-place if that is meant");
  }
}

void require_each_once(const Files& files) {
  RealPaths real;
  Taken documents;
  for (const FileName& file : files) {
    auto const [entry, is_new] = documents.try_emplace(real.target(file.path), &file);
    if (!is_new)
      throw Error(Exit::usage,
                  "'" + entry->second->path + "' and '" + file.path +
                      "' are one file, which --in-place would change twice",
                  "name it once");
  }
}

/// What a run reads besides its documents. For convert -c is one of those.
std::vector<std::pair<std::string, std::string>> other_inputs(const BatchOptions& options,
                                                              const Files& files) {
  std::vector<std::pair<std::string, std::string>> inputs;
  for (auto const& [what, path] :
       {std::pair("configuration", options.conf), std::pair("stylesheet", options.stylesheet),
        std::pair("list", options.files_from)})
    if (!path.empty() && path != "-" && std::ranges::find(files, path, &FileName::path) == files.end())
      inputs.emplace_back(what, path);
  return inputs;
}

/// Names are compared before paths, which take a look at the disk.
void require_inputs_kept(const BatchOptions& options, const Destination& to, const Files& files) {
  RealPaths real;
  for (auto const& input : other_inputs(options, files)) {
    auto const& path = input.second;
    std::string const own = real.target(path);
    std::string const name = own.substr(own.rfind('/') + 1);
    auto const require_apart = [&](const std::string& result) {
      if (result.ends_with(name) && real.target(result) == own)
        throw Error(Exit::usage, "a result would be written over the " + input.first + " '" + path + "'",
                    "write elsewhere");
    };
    if (!to.file.empty()) require_apart(to.file);
    if (!to.directory.empty())
      for (const FileName& file : files) require_apart(to.result_of(file));
  }
}

/// What the report, which is begun before the first document is read, would be written over.
class ReportPlace {
 public:
  explicit ReportPlace(const std::string& report)
      : there_(identity(report)), path_(RealPaths().target(report)) {}

  void require_apart(const std::string& path, const std::string& what) {
    if (!path.empty() && path != "-" && is_there(path)) refuse(path, what);
  }

 private:
  bool is_there(const std::string& path) {
    return there_ ? identity(path) == there_ : real_.target(path) == path_;
  }
  [[noreturn]] static void refuse(const std::string& path, const std::string& what) {
    throw Error(Exit::usage, "the report would be written over the " + what + " '" + path + "'",
                "name another file for --report");
  }

  std::optional<Identity> there_;
  std::string path_;
  RealPaths real_{};
};

void require_report_apart(const BatchOptions& options, const Destination& to, const Files& files) {
  const std::string& report = options.report;
  if (report.empty()) return;
  auto const to_stdout = [](const std::string& path) { return own_descriptor(path) == STDOUT_FILENO; };
  if (report == "-" || to_stdout(report)) {
    if (to.to_stdout() || (!to.file.empty() && to_stdout(to.file)))
      throw Error(Exit::usage, "the report and the documents cannot both go to stdout",
                  "name a file for --report");
    return;
  }
  struct stat status {};
  if (::stat(report.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) return;
  ReportPlace place(report);
  for (const FileName& file : files) place.require_apart(file.path, "document");
  place.require_apart(to.file, "result");
  if (!to.directory.empty())
    for (const FileName& file : files) place.require_apart(to.result_of(file), "result");
  for (auto const& [what, path] : other_inputs(options, files)) place.require_apart(path, what);
}

}  // namespace

void require_no_overwriting(const BatchOptions& options, const Destination& to, const Files& files) {
  require_report_apart(options, to, files);
  require_inputs_kept(options, to, files);
  if (to.in_place) require_each_once(files);
  if (to.directory.empty()) return;
  require_distinct_results(to, files);
  require_no_input_as_result(to, files);
}

}  // namespace virt_iface
