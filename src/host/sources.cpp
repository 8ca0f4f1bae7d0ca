// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/sources.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "host/functions.hpp"
#include "host/ovs.hpp"

namespace virt_iface {
namespace {

constexpr std::string_view no_layer2 = "qeth without layer 2";

const Nic* find(const Host& host, std::string_view name) {
  auto found = std::ranges::find(host.nics, name, &Nic::name);
  if (found == host.nics.end())
    found = std::ranges::find(host.nics, kernel_name(std::string(name)), &Nic::name);
  return found == host.nics.end() ? nullptr : &*found;
}

bool is_ovs_bridge(const Host& host, std::string_view name) {
  return host.ovs_bridges && std::ranges::find(*host.ovs_bridges, name) != host.ovs_bridges->end();
}

Source make_source(std::string_view type, const std::string& name, std::string_view kind, const Nic* nic) {
  Source source;
  source.type = type;
  source.name = name;
  source.kind = kind;
  if (nic == nullptr) return source;
  source.state = nic->state;
  source.speed = nic->speed;
  source.mtu = nic->mtu;
  source.mac = nic->mac;
  source.driver = nic->driver;
  source.addresses = nic->addresses;
  if (nic->qeth_without_layer2) source.note = no_layer2;
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
  if (ask_ovs) host.ovs_bridges = OpenVSwitch().bridges();
  return host;
}

std::vector<Source> host_sources(const Host& host, std::string_view type) {
  std::vector<Source> sources;
  if (type == "hostdev") return pci_functions(host.root);
  if (type == "ovs")
    for (const std::string& name : host.ovs_bridges.value_or(std::vector<std::string>{}))
      sources.push_back(make_source(type, name, "ovs", find(host, name)));
  else
    for (const Nic& nic : host.nics)
      if (fits(host, type, nic)) sources.push_back(make_source(type, nic.name, to_string(nic.kind), &nic));
  return sources;
}

std::vector<Message> check_source(const Host& host, std::string_view type, std::string_view name,
                                  bool tagged) {
  if (type != "macvtap" && type != "ovs" && type != "bridge")
    return check_passed_through(host.root, type, name);
  if (type == "ovs" && is_ovs_bridge(host, name)) return {};
  const Nic* nic = find(host, name);
  if (nic == nullptr) return {missing(host, type, name)};
  if (!fits(host, type, *nic)) return {wrong_kind(host, type, *nic)};
  if (type == "bridge" && tagged && !nic->vlan_filtering)
    return {{Severity::error,
             {},
             "'" + nic->name + "' does not filter VLANs: the guest would be on all of them",
             "ip link set " + nic->name + " type bridge vlan_filtering 1"}};
  if (type == "macvtap" && nic->qeth_without_layer2)
    return {{Severity::warning,
             {},
             "'" + nic->name + "' is a qeth device without layer 2: a guest behind it gets no frames",
             "set layer2 to 1 in its configuration (chzdev -e qeth … layer2=1)"}};
  return {};
}

}  // namespace virt_iface
