// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/destination.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "batch/document_files.hpp"
#include "batch/overwriting.hpp"
#include "batch/real_paths.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<FileName>;

constexpr std::size_t buffered = 65536;

bool has_stdin(const Files& files) {
  return std::any_of(files.begin(), files.end(), [](const FileName& f) { return f.path == "-"; });
}

std::set<std::string> result_directories(const Destination& to, const Files& files) {
  std::set<std::string> directories;
  for (const FileName& file : files)
    directories.insert(fs::path(to.in_place ? file.path : to.result_of(file)).parent_path().string());
  return directories;
}

/// True if -o names the file of the document that it takes.
bool replaces_own_file(const Destination& to, const Files& files) {
  std::error_code failed;
  if (to.file.empty() || files.size() != 1 || !fs::is_regular_file(to.file, failed)) return false;
  RealPaths real;
  return real.target(to.file) == real.target(files.front().path);
}

void require_no_contradiction(const Destination& to, const Files& files) {
  if (int{to.in_place} + int{!to.file.empty()} + int{!to.directory.empty()} > 1)
    throw Error(Exit::usage, "--in-place, --output-dir and -o exclude each other",
                "say where the result goes once");
  if (!to.file.empty() && files.size() > 1)
    throw Error(Exit::usage, "-o takes one document", "use --output-dir, --in-place, or one call a document");
  if (to.in_place && has_stdin(files))
    throw Error(Exit::usage, "--in-place needs files", "stdin has no place; leave --in-place out");
  if (!to.directory.empty() && has_stdin(files))
    throw Error(Exit::usage, "--output-dir needs files", "stdin has no name; use -o FILE");
}

}  // namespace

std::string Destination::result_of(const FileName& document) const {
  return directory + '/' + document.below;
}

/// As where the suffix itself was forgotten.
bool looks_like_a_file(const std::string& suffix) {
  if (std::string_view(".~-_+").find(suffix.front()) != std::string_view::npos) return false;
  std::error_code failed;
  auto const ends_so = [&](std::string_view ending) { return suffix.ends_with(ending); };
  return std::ranges::any_of(document_endings, ends_so) || std::ranges::any_of(template_endings, ends_so) ||
         fs::exists(suffix, failed);
}

void require_usable_suffix(const BatchOptions& options) {
  if (!options.backup) return;
  if (!options.in_place) throw Error(Exit::usage, "--backup goes with --in-place");
  const std::string& suffix = *options.backup;
  if (suffix.empty() || suffix.find('/') != suffix.npos)
    throw Error(Exit::usage,
                "a --backup suffix cannot " + std::string(suffix.empty() ? "be empty" : "hold '/'"),
                "use something like .orig");
  if (looks_like_a_file(suffix))
    throw Error(Exit::usage, "--backup '" + suffix + "' looks like a file, not like a suffix",
                "write --backup .orig " + suffix);
}

Destination destination_of(const BatchOptions& options, const Files& files) {
  Destination to{.check = options.check,
                 .diff = options.diff,
                 .in_place = options.in_place,
                 .backup = options.backup.value_or(""),
                 .file = options.output,
                 .directory = options.output_dir};
  if (to.file == "-") to.file.clear();
  while (to.directory.size() > 1 && to.directory.ends_with("/")) to.directory.pop_back();
  require_usable_suffix(options);
  require_no_contradiction(to, files);
  if (replaces_own_file(to, files)) {
    to.in_place = true;
    to.file.clear();
  }
  require_no_overwriting(options, to, files);
  if (!to.to_files()) return to;
  to.changed_directories = result_directories(to, files);
  if (!to.directory.empty())
    for (const std::string& directory : std::set(to.changed_directories))
      for (std::string& changed : make_directories(directory))
        to.changed_directories.insert(std::move(changed));
  return to;
}

std::vector<Message> lost_attributes(const LostAttributes& lost, const std::string& path) {
  std::vector<Message> messages;
  for (const std::string& name : lost)
    messages.push_back({.severity = Severity::warning,
                        .place = {.file = path},
                        .text = name + " of the old file could not be carried over to the new one",
                        .hint = name == "security.selinux"
                                    ? "restorecon sets the label of the directory's policy"
                                    : "setfattr(1) sets it, as a user who may"});
  return messages;
}

void deliver_file(EditedDocument& result, const FileName& from, const HeldFile& held, const Destination& to) {
  if (!to.to_files() || (to.in_place && !result.changed)) return;
  std::string const path = to.in_place ? from.path : to.result_of(from);
  LostAttributes const lost =
      to.in_place ? replace_held(held, result.output, {.backup_suffix = to.backup, .sync_directory = false})
                  : replace_file(path, result.output, {.mode_of = from.path, .sync_directory = false});
  std::ranges::move(lost_attributes(lost, path), std::back_inserter(result.plan.warnings));
}

void sync_directories(const Destination& to) {
  for (const std::string& directory : to.changed_directories)
    sync_directory(directory.empty() ? "." : directory);
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
