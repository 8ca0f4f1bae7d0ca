// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/file.hpp"

namespace virt_iface {

/// What a file was when it was read: where any of these differs, it has been changed since.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t seconds = 0;  ///< of the last change
  std::int64_t nanoseconds = 0;

  bool operator==(const FileVersion&) const = default;
};

/// A file that was read to be replaced: no other virt-iface does so before this is destroyed.
struct HeldFile {
  Descriptor lock{};
  FileVersion version{};
  std::string data{};
};

/// Reads a file and holds it. Waits while another virt-iface holds it. `enough` and errors are read_file's;
/// throws Interrupted when the wait was stopped.
HeldFile hold_file(const std::string& path, std::size_t enough = std::string::npos);

/// How a file is replaced.
struct Replacing {
  std::string backup_suffix{};            ///< the old file stays under its name with this; empty: it goes
  const FileVersion* expected = nullptr;  ///< what must still be there; nullptr: whatever is
  std::string mode_of{};    ///< a new file is not readable by more than this one; empty: as usual
  bool sync_folder = true;  ///< false: the caller calls sync_folder when all is done
};

/// Replaces a file whole or not at all: a temporary file beside it, without a name where the file system
/// knows such, fsync, rename. A file that is there keeps its owner, mode, ACL and extended attributes; a
/// symbolic link is followed, not replaced. Throws Error (system); then the file is as it was, and so is an
/// older backup.
void replace_file(const std::string& path, std::string_view data, const Replacing& how = {});

/// The result of -o: replaces a file as above; what open_stream opens, such as /dev/stdout, is written to.
/// A new file is not readable by more than `mode_of`. Throws Error (system), and Interrupted while a pipe's
/// reader was waited for.
void write_output(const std::string& path, std::string_view data, const std::string& mode_of = {});

/// The folder that a path lies in: `.` for a bare name.
std::string folder_of(const std::string& path);

/// The file that a chain of symbolic links ends in, which need not exist, by its absolute path. Throws Error
/// (system).
std::string target_of(const std::string& path);

/// Makes what was renamed in that folder last through a crash. Errors are passed over: the data is written.
void sync_folder(const std::string& folder);

/// Makes a folder with those above it. Throws Error (system).
void make_folders(const std::string& folder);

}  // namespace virt_iface
