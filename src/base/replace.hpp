// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/directory_entry.hpp"
#include "base/hold.hpp"

namespace virt_iface {

/// How a file is replaced.
struct Replacing {
  std::string backup_suffix{};            ///< the old file stays under its name with this; empty: it goes
  const FileVersion* expected = nullptr;  ///< what must still be there; nullptr: whatever is
  std::string mode_of{};       ///< a new file is not readable by more than this one; empty: as usual
  bool sync_directory = true;  ///< false: the caller calls sync_directory when all is done
};

/// Extended attributes of the old file that could not be carried over to the new one, such as
/// `security.selinux`.
using LostAttributes = std::vector<std::string>;

/// Replaces a file whole or not at all: a temporary file beside it, without a name where the file system
/// knows such, fsync, rename, all in a directory that is held open. A file that is there keeps its owner,
/// mode, ACL and extended attributes; a symbolic link is followed, not replaced. Throws Error (system); then
/// the file is as it was.
LostAttributes replace_file(const std::string& path, std::string_view data, const Replacing& how = {});

/// The same of a file that is held, where it was read; it must still be what it was then.
LostAttributes replace_held(const HeldFile& held, std::string_view data, Replacing how = {});

/// The result of -o: replaces a file as above; what open_stream opens, such as /dev/stdout, is written to.
/// A new file is not readable by more than `mode_of`. Throws Error (system), and Interrupted while a pipe's
/// reader was waited for.
LostAttributes write_output(const std::string& path, std::string_view data, const std::string& mode_of = {});

/// The file that a chain of symbolic links ends in, which need not exist, by its absolute path. Throws Error
/// (system).
std::string target_of(const std::string& path);

/// Makes what was renamed in that directory last through a crash. Errors are ignored: the data is written.
void sync_directory(const std::string& directory);

/// Makes a directory with those above it, and tells in which directories that made a name: they are to be
/// synced. Throws Error (system).
std::vector<std::string> make_directories(const std::string& directory);

}  // namespace virt_iface
