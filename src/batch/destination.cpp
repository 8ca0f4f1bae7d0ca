// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/destination.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "batch/overwriting.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using Files = std::vector<FileName>;

constexpr std::size_t buffered = 65536;

bool has_stdin(const Files& files) {
  return std::any_of(files.begin(), files.end(), [](const FileName& f) { return f.path == "-"; });
}

std::set<std::string> result_folders(const Destination& to, const Files& files) {
  std::set<std::string> folders;
  for (const FileName& file : files)
    folders.insert(fs::path(to.in_place ? file.path : to.result_of(file)).parent_path().string());
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

std::string Destination::result_of(const FileName& document) const {
  return folder + '/' + document.below;
}

void require_usable_suffix(const BatchOptions& options) {
  if (!options.backup) return;
  if (!options.in_place) throw Error(Exit::usage, "--backup goes with --in-place");
  const std::string& suffix = *options.backup;
  if (suffix.empty() || suffix.find('/') != suffix.npos)
    throw Error(Exit::usage,
                "a --backup suffix cannot " + std::string(suffix.empty() ? "be empty" : "hold '/'"),
                "use something like .orig");
}

Destination destination_of(const BatchOptions& options, const Files& files) {
  Destination to{.check = options.check,
                 .diff = options.diff,
                 .in_place = options.in_place,
                 .backup = options.backup.value_or(""),
                 .file = options.output,
                 .folder = options.output_dir};
  if (to.file == "-") to.file.clear();
  while (to.folder.size() > 1 && to.folder.ends_with("/")) to.folder.pop_back();
  require_no_contradiction(to, files);
  require_usable_suffix(options);
  require_no_overwriting(options, to, files);
  if (!to.folder.empty() && to.writes())
    for (const std::string& folder : result_folders(to, files)) make_folders(folder);
  return to;
}

void deliver_file(const EditedDocument& result, const FileName& from, const FileVersion& version,
                  const Destination& to) {
  if (!to.to_files()) return;
  if (!to.in_place)
    replace_file(to.result_of(from), result.output, {.mode_of = from.path, .sync_folder = false});
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
