// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/types.h>

#include <functional>

#include "base/file.hpp"

namespace virt_iface {

/// A process that forks others on demand. It is forked itself while this process has one thread: what has
/// several cannot fork and go on, as the others' locks would stay locked. With it all that it forked ends,
/// and it ends with this process, however that ends. A stop at the terminal does not reach them.
class Keeper {
 public:
  /// What a process does with its end of a connection, until it ends.
  using Serve = std::function<void(int)>;

  /// Throws Error (system).
  explicit Keeper(const Serve& serve);
  Keeper(const Keeper&) = delete;
  Keeper& operator=(const Keeper&) = delete;
  /// Returns when the last one has ended.
  ~Keeper();

  /// This end of a connection with a new process; it closes when that one ends. For any thread. Throws Error
  /// (system).
  Descriptor start() const;

 private:
  Descriptor control_{};
  pid_t pid_ = -1;
};

}  // namespace virt_iface
