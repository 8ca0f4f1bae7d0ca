// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <exception>

#include "base/error.hpp"

namespace virt_iface::hook {

/// Bounds a call of the hook: libvirt waits for it with the guest's lock held. When the time is over, memory
/// ends inside a library, or an exception finds no way out, the process ends with the status that was set
/// last. There is one timer in a process, so one Deadline at a time.
class Deadline {
 public:
  Deadline(std::chrono::seconds limit, Exit at_end);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  /// How the process ends from now on where it is cut short.
  static void ends_with(Exit status);

  /// What the process waits for from now on, as the message says it where it is cut short: a string literal.
  static void waits_for(const char* what);

 private:
  std::terminate_handler usual_terminate_;
};

}  // namespace virt_iface::hook
