// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <string>

#include "base/file.hpp"

namespace virt_iface {

/// A name in a folder that nobody can foresee, and that is short: a file beside it may have a long one.
std::string temporary_name(const std::string& folder);

/// A new file in a folder, to become one with a name there. It is gone again unless it did; where the file
/// system allows it, it has no name before, so that nothing can be left over even by SIGKILL.
class Temporary {
 public:
  /// `mode` as in open(2). Throws Error (system) that names `target`.
  Temporary(const std::string& target, mode_t mode);
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary();
  int descriptor() const { return descriptor_.get(); }

  /// Puts it in the target's place. False: see errno.
  bool publish(bool target_exists);
  /// Gives it a temporary name for good, and tells that. Empty: see errno.
  std::string release();

 private:
  bool link_as(const std::string& name) const;
  bool take_name();

  std::string target_;
  std::string folder_;
  std::string name_{};  // empty: it has none
  Descriptor descriptor_{};
};

}  // namespace virt_iface
