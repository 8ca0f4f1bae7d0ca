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

/// Open vSwitch of this host, asked through ovs-vsctl. Every call ends within the limit given.
/// All functions throw Error (system) when Open vSwitch is missing, silent or refuses.
class OpenVSwitch {
 public:
  /// Throws Error (system) when ovs-vsctl is not installed.
  explicit OpenVSwitch(std::chrono::milliseconds limit = std::chrono::seconds(5));

  static bool installed();

  std::vector<std::string> bridges() const;  ///< sorted
  bool has_bridge(const std::string& name) const;
  std::vector<std::string> ports(const std::string& bridge) const;

  /// Adds a bridge with the datapath of the bridges that are there, marked as made by us.
  void add_bridge(const std::string& name) const;

  /// Removes the bridge if it bears our mark and has no port; says whether it did.
  bool delete_bridge_if_empty(const std::string& name) const;

 private:
  std::string ask(const std::vector<std::string>& command) const;

  std::string program_;
  std::chrono::milliseconds limit_;
};

}  // namespace virt_iface
