// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/file.hpp"
#include "live/connection.hpp"

namespace virt_iface {

/// While it lives, no other virt-iface of this host and user changes one of these guests: two that plan from
/// the same description would both attach what is missing. Without a place for the lock's file there is none.
class GuestLocks {
 public:
  /// Waits for them, in an order that is the same for all.
  explicit GuestLocks(const std::vector<Guest>& guests);

 private:
  Descriptor file_{};
};

}  // namespace virt_iface
