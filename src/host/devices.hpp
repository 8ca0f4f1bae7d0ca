// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/nics.hpp"

namespace virt_iface {

/// A network device of this host, with what it lies on.
struct Device {
  Nic nic{};
  std::optional<bool> vlan_filtering{};  ///< of a Linux bridge
  std::optional<unsigned> vlan{};        ///< the tag of a VLAN device; known of this host only
  std::string pci{};                     ///< its address on the PCI bus, or empty
  std::string physical{};                ///< of a virtual function: the device whose function it is
};

/// A virtual function, which may have no network device (a guest or vfio has it).
struct VirtualFunction {
  std::string pci{};
  std::string physical{};  ///< the device whose function it is
};

/// A port of an Open vSwitch bridge.
struct OvsPort {
  std::string name{};
  std::vector<std::string> interfaces{};  ///< several: a bond; sorted
  std::vector<unsigned> tags{};           ///< sorted
  std::string peer{};                     ///< of a patch port: the bridge at its other end
};

struct OvsBridge {
  std::string name{};
  std::vector<OvsPort> ports{};  ///< sorted by name, without the bridge's own
};

/// What lies beneath the interfaces of a host's guests.
struct Beneath {
  std::vector<Device> devices{};             ///< sorted by name
  std::vector<VirtualFunction> functions{};  ///< sorted by address
  std::optional<std::vector<OvsBridge>> ovs{};
  std::vector<std::string> unseen{};  ///< what could not be seen, and why: a sentence each
};

/// Reads a mounted sysfs. Open vSwitch is asked where it is this host's own, and its silence is noted. Throws
/// Error (system) if the devices cannot be read.
Beneath read_beneath(const std::filesystem::path& root = sysfs);

/// The bridges out of what `ovs-vsctl --format=json` lists of the tables Bridge, Port and Interface, a line
/// each. Throws Error (system) for what it does not understand.
std::vector<OvsBridge> parse_ovs(std::string_view text);

}  // namespace virt_iface
