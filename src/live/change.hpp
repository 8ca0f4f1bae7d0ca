// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "live/connection.hpp"

namespace virt_iface {

/// One interface of a guest that comes, goes or changes, as `<interface>` elements with their MAC.
struct DeviceChange {
  std::string before{};      ///< as the guest has it; empty: it is attached
  std::string before_mac{};  ///< in lower case
  std::string after{};       ///< as it shall be; empty: it is detached
  std::string after_mac{};
};

/// What shall become of a guest.
struct GuestChange {
  Guest guest{};
  std::optional<std::string> config{};  ///< its new persistent definition, whole
  std::string config_before{};          ///< the one it was made from, with secrets
  std::vector<DeviceChange> devices{};  ///< the same, interface by interface; empty: only as a whole
  std::vector<DeviceChange> live{};     ///< carried out in order
  bool replug = false;    ///< where libvirt cannot change a running interface: detach it and attach it again
  bool validate = false;  ///< libvirt checks the definition against its schema
  std::chrono::milliseconds patience = std::chrono::seconds(20);  ///< for the guest to let go of a device
};

/// Changes the persistent configuration, then the running guest. The configuration is changed interface by
/// interface, which leaves alone what others change of it meanwhile (its title), and as a whole only where
/// libvirt cannot do that; its interfaces, and for a whole one all of it, must still be those planned from.
/// If one step fails, or a stop comes in between (see StopSignals), those before it are undone in reverse.
/// Throws Error (system) with what failed and, as notes, the state that it left.
void carry_out(const Connection& libvirt, const GuestChange& change);

}  // namespace virt_iface
