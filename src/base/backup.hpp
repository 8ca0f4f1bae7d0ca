// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/stat.h>

#include <string>

namespace virt_iface {

/// A file as it is, to be kept under another name when it is replaced. Unless it was settled, that is undone
/// when this is destroyed: an older one of that name stays until then.
class Backup {
 public:
  /// Throws Error (system); nothing has changed then.
  Backup(const std::string& file, const struct stat& status, const std::string& name);
  Backup(const Backup&) = delete;
  Backup& operator=(const Backup&) = delete;
  ~Backup();

  /// Gives it its name. Throws Error (system); nothing has changed then.
  void keep();
  /// The file was replaced. Without this an older one is lost only where the file system cannot exchange two
  /// names.
  void settle() { to_undo_ = false; }

 private:
  bool exchange() const;

  std::string name_;
  std::string spare_{};  // it, or the older one, under a temporary name
  bool to_undo_ = false;
  bool exchanged_ = false;
};

}  // namespace virt_iface
