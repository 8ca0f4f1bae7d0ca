// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

enum class NicKind { nic, bond, vlan, team, bridge, tap, macvtap, macvlan, loopback, other };

/// `nic`, `bond`, … as printed.
std::string_view to_string(NicKind kind);

/// What keeps frames from the guests behind a device; only cards of IBM Z (s390x) are known to.
enum class Card {
  plain,   ///< nothing does
  layer3,  ///< OSA or HiperSockets without layer 2: its frames carry no MAC
  deaf,    ///< one that is neither an active bridge port nor floods and learns (VNICC): only frames to MACs
           ///< that the kernel gave it reach it, as macvtap's are and a bridge's guests' are not
  roce,    ///< RoCE, which cannot be promiscuous as Open vSwitch wants it
};

/// One network device of this host.
struct Nic {
  std::string name{};
  NicKind kind = NicKind::other;
  bool up = false;                       ///< set up by the administrator (IFF_UP)
  std::string state{};                   ///< the kernel's operstate: up, down, unknown, lowerlayerdown, …
  std::optional<std::uint64_t> speed{};  ///< Mbit/s; absent when the device does not say
  std::uint64_t mtu = 0;                 ///< bytes
  std::string mac{};
  std::string driver{};                  ///< of the kernel; empty for a device without hardware
  std::vector<std::string> addresses{};  ///< with prefix: `10.0.0.1/24`; only of this host itself
  std::string master{};                  ///< the bridge, bond or switch whose port it is, or empty
  bool vlan_filtering = false;           ///< of a Linux bridge: it keeps VLANs apart
  Card card = Card::plain;
  std::vector<std::string> lower{};  ///< a bridge's ports, a bond's members, a VLAN's device …: sorted
};

/// Where the devices of this network namespace are found.
inline constexpr std::string_view sysfs = "/sys";

/// An attribute's text, or empty: a device can vanish, and some refuse to be read (speed of a virtual one).
std::string attribute(const std::filesystem::path& device, const char* name);

/// The names in a directory that begin with `prefix`, without it, sorted; none of a directory that is not
/// there.
std::vector<std::string> names_behind(const std::filesystem::path& directory, std::string_view prefix);

/// True on IBM Z (s390x), whose channel subsystem the kernel shows.
bool is_ibm_z(const std::filesystem::path& root = sysfs);

/// Every device, sorted by name. `root` is a mounted sysfs. Throws Error (system) if it cannot be read.
std::vector<Nic> all_nics(const std::filesystem::path& root = sysfs);

/// One device by its name, or nothing.
std::optional<Nic> find_nic(std::string_view name, const std::filesystem::path& root = sysfs);

/// The kernel's own name of the device that it knows by this name too (`ip link property add … altname`), or
/// `name`. libvirt takes both.
std::string kernel_name(const std::string& name);

/// True if a macvtap device can sit on it and a guest reach the wire: a NIC, bond, team or VLAN that is
/// nobody's port.
bool carries_macvtap(const Nic& nic);

/// Sets a device up, as `ip link set NAME up` (needs CAP_NET_ADMIN). Throws Error (system).
void set_up(const std::string& name);

}  // namespace virt_iface
