// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/directory_entry.hpp"
#include "base/error.hpp"

namespace virt_iface {

/// What a file was when it was read: where any of these differs, it has been changed since.
struct FileVersion {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  timespec written{};  ///< the last change of its content, which can be set
  timespec changed{};  ///< of its content or status, which cannot
};

FileVersion version_of(const struct stat& status);

/// True if nothing was written and no status changed since: no mode, no owner. `linked_meanwhile`: we made a
/// hard link, which changes the status, so that the content alone is looked at.
bool is_unchanged(const FileVersion& before, const FileVersion& now, bool linked_meanwhile = false);

/// A file that was read to be replaced: no other virt-iface does so before this is destroyed.
struct HeldFile {
  DirectoryEntry entry{};
  Descriptor lock{};
  FileVersion version{};
  std::string data{};
};

/// How long another process may keep us from holding a file.
inline constexpr std::chrono::milliseconds usual_patience{10'000};

/// Another process kept a file locked: an Error (system) that names it where that is known.
class Locked : public Error {
 public:
  using Error::Error;
};

/// Reads a file and holds it. Waits while another process has locked it, but no longer than `patience`: then
/// it throws Locked. `enough` and other errors are read_file's; throws Interrupted when the wait was stopped.
HeldFile hold_file(const DirectoryEntry& entry, std::size_t enough,
                   std::chrono::milliseconds patience = usual_patience);
HeldFile hold_file(const std::string& path, std::size_t enough = std::string::npos);

/// stdin as it is now, without its data, where it is the very file that a path leads to.
std::optional<HeldFile> stdin_if_file(const std::string& path);

}  // namespace virt_iface
