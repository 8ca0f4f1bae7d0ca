// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <string>

#include "base/directory_entry.hpp"

namespace virt_iface {

/// A name in a directory that nobody can foresee, and that is short: a file beside it may have a long one.
std::string temporary_name();

/// A new file in a directory, to become one with a name there. It is gone again unless it did; where the file
/// system allows it, it has no name before, so that nothing can be left over even by SIGKILL.
class Temporary {
 public:
  /// `mode` as in open(2). Throws Error (system) that names `target`.
  Temporary(const DirectoryEntry& target, mode_t mode);
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary();
  int descriptor() const { return descriptor_.get(); }

  /// Puts it in the target's place. False: see errno.
  bool publish(bool target_exists);

 private:
  int directory() const { return target_.directory->get(); }
  bool link_as(const std::string& name) const;
  bool take_name();

  DirectoryEntry target_;
  std::string name_{};  // empty: it has none
  Descriptor descriptor_{};
};

}  // namespace virt_iface
