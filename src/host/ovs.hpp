// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// True if Open vSwitch can have a bridge of that name. Such a name is also a plain part of a path.
bool is_bridge_name(const std::string& name);

/// The name again. Throws Error (invalid) if it is none.
const std::string& bridge_name(const std::string& name);

/// Open vSwitch of this host, asked through ovs-vsctl, and only for its bridges without. All calls together
/// end within the limit given. All functions throw Error (system) when Open vSwitch is missing, silent or
/// refuses.
class OpenVSwitch {
 public:
  /// Throws Error (system) when ovs-vsctl is not installed.
  explicit OpenVSwitch(std::chrono::milliseconds limit = std::chrono::seconds(5));

  static bool installed();

  std::vector<std::string> bridges() const;  ///< sorted
  bool has_bridge(const std::string& name) const;
  std::vector<std::string> ports(const std::string& bridge) const;

  /// The tables Bridge, Port and Interface, as far as parse_ovs (host/devices.hpp) reads them.
  std::string tables() const;

  /// Adds bridges with the datapath of those that are there, marked as made by us, in one transaction; one
  /// that is there by now is no fault. Waits until the switch has them, as libvirt looks at their devices.
  void add_bridges(const std::vector<std::string>& names) const;

  /// Bridges that bear our mark and have no port, sorted.
  std::vector<std::string> empty_bridges_of_ours() const;
  /// Removes them in one transaction.
  void delete_bridges(const std::vector<std::string>& names) const;

 private:
  std::string ask(const std::vector<std::string>& command, const char* option = nullptr) const;

  std::string program_;
  std::chrono::steady_clock::time_point end_;
};

}  // namespace virt_iface
