// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "live/connection.hpp"

namespace virt_iface {

/// One interface of a running guest that comes, goes or changes, as `<interface>` elements with their MAC.
struct DeviceChange {
  std::string before{};      ///< as the running guest has it; empty: it is attached
  std::string before_mac{};  ///< in lower case
  std::string after{};       ///< as it shall be; empty: it is detached
  std::string after_mac{};
};

/// What shall become of a guest.
struct GuestChange {
  Guest guest{};
  std::optional<std::string> config{};  ///< its new persistent definition, whole
  std::string config_before{};          ///< the one it was made from, with secrets
  std::vector<DeviceChange> live{};     ///< carried out in order
  bool replug = false;    ///< where libvirt cannot change a running interface: detach it and attach it again
  bool validate = false;  ///< libvirt checks the definition against its schema
  std::chrono::milliseconds patience = std::chrono::seconds(20);  ///< for the guest to let go of a device
};

/// Changes the persistent configuration, if it is still the one planned from, then the running guest. If one
/// step fails, or a stop comes in between (see StopSignals), those before it are undone in reverse. Throws
/// Error (system) with what failed and, as notes, the state that it left.
void carry_out(const Connection& libvirt, const GuestChange& change);

}  // namespace virt_iface
