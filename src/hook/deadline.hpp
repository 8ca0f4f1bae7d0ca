// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>

#include "base/error.hpp"

namespace virt_iface::hook {

/// Bounds a call of the hook: libvirt waits for it with the guest's lock held. When the time is over the
/// process ends with the status that was set last. There is one timer in a process, so one Deadline at a
/// time.
class Deadline {
 public:
  Deadline(std::chrono::seconds limit, Exit at_end);
  Deadline(const Deadline&) = delete;
  Deadline& operator=(const Deadline&) = delete;
  ~Deadline();

  /// How the process ends from now on when the time is over.
  static void ends_with(Exit status);
};

}  // namespace virt_iface::hook
