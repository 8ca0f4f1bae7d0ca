// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <string>

#include "base/directory_entry.hpp"

namespace virt_iface {

/// A file as it is, kept beside it under another name when it is replaced: with the suffix, or where that
/// name is taken with `.1`, `.2` and so on behind it. It is gone again when this is destroyed, unless it was
/// settled.
class Backup {
 public:
  /// `source`: the file, open for reading. Throws Error (system); nothing has changed then but the time of
  /// the file's last change of status.
  Backup(const DirectoryEntry& file, int source, const struct stat& status, const std::string& suffix);
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup();

  /// The file was replaced: the backup stays.
  void settle() { settled_ = true; }

 private:
  DirectoryEntry entry_;
  bool settled_ = false;
};

}  // namespace virt_iface
