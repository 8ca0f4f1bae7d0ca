// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "host/devices.hpp"
#include "host/nics.hpp"

namespace virt_iface {

/// Something that an interface can be put on.
struct Source {
  std::string type{};  ///< our words: macvtap, ovs, bridge, network
  std::string name{};
  std::string kind{};                    ///< nic, bond, vlan, team, bridge, ovs, network
  std::string state{};                   ///< up, down, …; active or inactive for a network
  std::optional<std::uint64_t> speed{};  ///< Mbit/s
  std::optional<std::uint64_t> mtu{};    ///< bytes
  std::string mac{};
  std::string driver{};                  ///< of the kernel, or empty
  std::vector<std::string> addresses{};  ///< with prefix
  std::string forward{};                 ///< of a network: nat, route, bridge, …; isolated
  std::string bridge{};                  ///< of a network, or empty
  std::string note{};                    ///< what an administrator should know of it, or empty
  std::vector<std::string> used_by{};    ///< names of guests, where a connection was given
  std::vector<std::string> networks{};   ///< names of the networks that sit on it, likewise
};

/// What this host has to offer, as far as it was asked.
struct Host {
  std::vector<Nic> nics{};
  std::optional<std::vector<std::string>> ovs_bridges{};  ///< nullopt: Open vSwitch was not asked
  std::vector<OvsBridge> switches{};  ///< the bridges with their ports, where that matters: on IBM Z
  std::filesystem::path root{sysfs};
};

/// Reads the host; Open vSwitch only if `ask_ovs`. Throws Error (system).
Host read_host(bool ask_ovs, const std::filesystem::path& root = sysfs);

/// All sources of a type (macvtap, ovs, bridge or hostdev), sorted by name.
std::vector<Source> host_sources(const Host& host, std::string_view type);

/// What is wrong with `name` as the source of an interface of that type (none of network's): missing
/// (id `no-source`) or of another kind is an error, a NIC that works badly a warning (check_cards). The hint
/// names what this host has. `tagged`: the interface has a VLAN, which a Linux bridge must filter.
std::vector<Message> check_source(const Host& host, std::string_view type, std::string_view name,
                                  bool tagged = false);

}  // namespace virt_iface
