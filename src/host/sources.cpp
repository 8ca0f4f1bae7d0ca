// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/sources.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "host/cards.hpp"
#include "host/functions.hpp"
#include "host/ovs.hpp"

namespace virt_iface {
namespace {

bool is_ovs_bridge(const Host& host, std::string_view name) {
  return host.ovs_bridges && std::ranges::find(*host.ovs_bridges, name) != host.ovs_bridges->end();
}

Source make_source(const Host& host, std::string_view type, const std::string& name, std::string_view kind,
                   const Nic* nic) {
  Source source;
  source.type = type;
  source.name = name;
  source.kind = kind;
  source.note = card_note(host, type, name);
  if (nic == nullptr) return source;
  source.state = nic->state;
  source.speed = nic->speed;
  source.mtu = nic->mtu;
  source.mac = nic->mac;
  source.driver = nic->driver;
  source.addresses = nic->addresses;
  return source;
}

Message missing(const Host& host, std::string_view type, std::string_view name) {
  const std::string_view what = type == "macvtap" ? "NIC"
                                : type == "ovs"   ? "Open vSwitch bridge"
                                                  : "Linux bridge";
  std::vector<std::string> names;
  for (const Source& source : host_sources(host, type)) names.push_back(source.name);
  return {Severity::error,
          {},
          "this host has no " + std::string(what) + " '" + std::string(name) + "'",
          named_instead(name, names),
          "no-source"};
}

/// A device that is there, but not what `type` sits on.
Message wrong_kind(const Host& host, std::string_view type, const Nic& nic) {
  const std::string quoted = "'" + nic.name + "'";
  if (is_ovs_bridge(host, nic.name))
    return {Severity::error, {}, quoted + " is an Open vSwitch bridge", "use type=ovs"};
  if (type != "bridge" && nic.kind == NicKind::bridge)
    return {Severity::error, {}, quoted + " is a Linux bridge", "use type=bridge"};
  if (type == "macvtap" && !nic.master.empty())
    return {Severity::error,
            {},
            quoted + " is a port of " + nic.master + ", so macvtap cannot sit on it",
            "put the interface on " + nic.master};
  const std::string kind =
      nic.kind == NicKind::other ? "device of another kind" : std::string(to_string(nic.kind));
  if (type == "macvtap")
    return {Severity::error,
            {},
            quoted + " is a " + kind + ", which macvtap cannot sit on",
            "virt-iface sources --type macvtap shows what it can"};
  if (carries_macvtap(nic))
    return {Severity::error, {}, quoted + " is a " + kind + ", no bridge", "use type=macvtap"};
  return {Severity::error,
          {},
          quoted + " is a " + kind + ", no bridge",
          "virt-iface sources --type " + std::string(type) + " shows the bridges"};
}

bool fits(const Host& host, std::string_view type, const Nic& nic) {
  if (type == "macvtap") return carries_macvtap(nic) && !is_ovs_bridge(host, nic.name);
  return type == "bridge" && nic.kind == NicKind::bridge;
}

}  // namespace

Host read_host(bool ask_ovs, const std::filesystem::path& root) {
  Host host;
  host.nics = all_nics(root);
  host.root = root;
  if (!ask_ovs) return host;
  const OpenVSwitch ovs;
  host.ovs_bridges = ovs.bridges();
  if (is_ibm_z(root)) host.switches = parse_ovs(ovs.tables());
  return host;
}

std::vector<Source> host_sources(const Host& host, std::string_view type) {
  std::vector<Source> sources;
  if (type == "hostdev") return pci_functions(host.root);
  if (type == "ovs")
    for (const std::string& name : host.ovs_bridges.value_or(std::vector<std::string>{}))
      sources.push_back(make_source(host, type, name, "ovs", find_nic(host, name)));
  else
    for (const Nic& nic : host.nics)
      if (fits(host, type, nic))
        sources.push_back(make_source(host, type, nic.name, to_string(nic.kind), &nic));
  return sources;
}

std::vector<Message> check_source(const Host& host, std::string_view type, std::string_view name,
                                  bool tagged) {
  if (type != "macvtap" && type != "ovs" && type != "bridge")
    return check_passed_through(host.root, type, name);
  if (type == "ovs" && is_ovs_bridge(host, name)) return check_cards(host, type, name);
  const Nic* nic = find_nic(host, name);
  if (nic == nullptr) return {missing(host, type, name)};
  if (!fits(host, type, *nic)) return {wrong_kind(host, type, *nic)};
  if (type == "bridge" && tagged && !nic->vlan_filtering)
    return {{Severity::error,
             {},
             "'" + nic->name + "' does not filter VLANs: the guest would be on all of them",
             "ip link set " + nic->name + " type bridge vlan_filtering 1"}};
  return check_cards(host, type, name);
}

}  // namespace virt_iface
