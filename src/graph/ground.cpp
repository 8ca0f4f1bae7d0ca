// SPDX-License-Identifier: LGPL-2.1-or-later
#include "graph/ground.hpp"

#include <algorithm>
#include <functional>

#include "base/text.hpp"
#include "edit/live_view.hpp"
#include "host/cards.hpp"
#include "table/pci.hpp"
#include "table/types.hpp"
#include "table/values.hpp"
#include "xml/tree.hpp"

namespace virt_iface {
namespace {

template <typename T, typename Name>
const T* find_sorted(const std::vector<T>& all, std::string_view name, Name name_of) {
  const auto found = std::ranges::lower_bound(all, name, {}, name_of);
  return found != all.end() && std::invoke(name_of, *found) == name ? &*found : nullptr;
}

/// Of a `<address>` of a network's functions; empty for another.
std::string pci_of(const Element& address) {
  if (address.at("@bus").empty()) return {};
  return pci_address(address.at("@domain"), address.at("@bus"), address.at("@slot"), address.at("@function"));
}

std::string_view state_of(const Nic& nic) {
  if (!nic.up) return "down";
  return nic.kind == NicKind::nic && nic.state == "down" ? "no carrier" : "up";
}

bool is_always_up(const Nic& nic) {
  return nic.kind == NicKind::tap || nic.kind == NicKind::other || nic.kind == NicKind::loopback;
}

}  // namespace

Ground::Ground(GraphNodes& nodes, const Realm& realm, std::string prefix,
               std::set<std::string, std::less<>> targets)
    : nodes_(nodes), realm_(realm), prefix_(std::move(prefix)), targets_(std::move(targets)) {
  for (const GraphNetwork& network : realm.networks.value_or(std::vector<GraphNetwork>{}))
    trees_.emplace(network.name, read_tree(network.xml));
  if (!realm.host) return;
  host_.nics.reserve(realm.host->devices.size());
  for (const Device& device : realm.host->devices) host_.nics.push_back(device.nic);
  if (!realm.host->ovs) return;
  host_.ovs_bridges.emplace();
  for (const OvsBridge& bridge : *realm.host->ovs) host_.ovs_bridges->push_back(bridge.name);
  host_.switches = *realm.host->ovs;
}

std::optional<std::size_t> Ground::beneath(const Record& record) {
  const std::string type(record.keys.get("type"));
  const std::string name(record.keys.get("source"));
  const Type* row = find_type(type);
  if (type == "network") return network(name);
  if (row != nullptr && row->source_is == SourceIs::device && !name.empty()) return source(type, name);
  if (name.empty()) return std::nullopt;
  if (type == "hostdev") return function(name);
  return plain(type, name);
}

std::vector<std::string> Ground::faults_of(const Record& record) const {
  const std::string type(record.keys.get("type"));
  const std::string name(record.keys.get("source"));
  const Type* row = find_type(type);
  if (type == "network") {
    if (!realm_.networks || find_network(name) != nullptr) return {};
    return {"libvirt has no network '" + name + "'"};
  }
  return row != nullptr && row->source_is == SourceIs::device && !name.empty() ? faults_of(type, name)
                                                                               : std::vector<std::string>{};
}

Interface Ground::from_network(const Record& record) const {
  if (record.keys.get("type") != "network") return {};
  const auto tree = trees_.find(record.keys.get("source"));
  return tree == trees_.end() ? Interface{}
                              : given_by_network(tree->second, record.keys.get("source.portgroup"));
}

bool Ground::loses_vlan(std::size_t source) const {
  return unfiltered_.contains(source);
}

std::string Ground::realm() const {
  return prefix_.empty() ? std::string() : realm_.uri;
}

std::size_t Ground::plain(std::string_view kind, const std::string& name) {
  return nodes_
      .add({.id = prefix_ + std::string(kind) + ':' + name,
            .kind = std::string(kind),
            .name = name,
            .realm = realm()})
      .first;
}

std::size_t Ground::network(const std::string& name) {
  const std::size_t node = plain("network", name);
  if (!sources_.emplace(std::pair("network", name), node).second || !realm_.networks) return node;
  if (const GraphNetwork* found = find_network(name))
    draw_network(node, *found, trees_.at(name));
  else
    nodes_.blame(node, "missing");
  return node;
}

void Ground::draw_network(std::size_t node, const GraphNetwork& network, const Element& tree) {
  const std::string mode(tree.at("forward/@mode"));
  const Element* forward = tree.child("forward");
  const std::string shown = !mode.empty() ? mode : forward == nullptr ? "isolated" : "nat";
  nodes_.at(node).facts.emplace_back("forward", shown);
  if (!network.active) nodes_.blame(node, "inactive");
  const std::string bridge(tree.at("bridge/@name"));
  const bool ovs = tree.at("virtualport/@type") == "openvswitch";
  // The bridge of a network that libvirt makes itself is there only while the network is.
  if (!bridge.empty() && (network.active || mode == "bridge")) {
    const std::size_t below = source(ovs ? "ovs" : "bridge", bridge);
    nodes_.join(node, below);
    for (const std::string& fault : faults_of(ovs ? "ovs" : "bridge", bridge)) nodes_.blame(node, fault);
    if (unfiltered_.contains(below)) unfiltered_.insert(node);
  }
  if (forward == nullptr) return;
  const std::string dev(forward->at("@dev"));
  if (!dev.empty() && forward->child("interface") == nullptr) nodes_.join(node, source("device", dev), shown);
  for (const Element& child : forward->children) {
    const std::string name(child.at("@dev"));
    const bool routed = mode == "nat" || mode == "route";
    if (child.name == "interface" && !name.empty())
      nodes_.join(node, source(routed ? "device" : "macvtap", name), routed ? shown : "macvtap " + shown);
    if (child.name == "pf" && !name.empty()) nodes_.join(node, source("device", name), "its functions");
    if (child.name == "address" && !pci_of(child).empty()) nodes_.join(node, function(pci_of(child)));
  }
}

/// `device`: whatever device has that name.
std::size_t Ground::source(std::string_view type, const std::string& name) {
  const std::pair key(std::string(type), name);
  if (const auto known = sources_.find(key); known != sources_.end()) return known->second;
  const bool known = realm_.host && (type != "ovs" || realm_.host->ovs);
  const Device* found = known ? find_device(name) : nullptr;
  const std::size_t node =
      found != nullptr ? device(*found) : plain(type == "macvtap" ? "device" : type, name);
  sources_.emplace(key, node);  // not before: patch ports lead back here
  if (known && found == nullptr) nodes_.blame(node, "missing");
  for (const Message& message : check_cards(host_, type, name)) nodes_.blame(node, message.text);
  return node;
}

std::vector<std::string> Ground::faults_of(std::string_view type, const std::string& name) const {
  std::vector<std::string> faults;
  if (!realm_.host || (type == "ovs" && !realm_.host->ovs)) return faults;
  if (type == "device" && find_device(name) == nullptr)
    faults.push_back("this host has no device '" + name + "'");
  if (type == "device") return faults;
  for (const Message& message : check_source(host_, type, name))
    if (message.severity == Severity::error) faults.push_back(message.text);
  return faults;
}

std::size_t Ground::device(const Device& found) {
  const Nic& nic = found.nic;
  const OvsBridge* ovs = find_ovs(nic.name);
  const std::string kind = ovs != nullptr               ? "ovs"
                           : !found.physical.empty()    ? "vf"
                           : nic.kind == NicKind::other ? "device"
                                                        : std::string(to_string(nic.kind));
  const auto [node, added] =
      nodes_.add({.id = prefix_ + "device:" + nic.name, .kind = kind, .name = nic.name, .realm = realm()});
  if (!added) return node;
  auto& facts = nodes_.at(node).facts;
  if (found.vlan) facts.emplace_back("vlan", std::to_string(*found.vlan));
  if (ovs != nullptr) return draw_ovs(node, *ovs), node;  // its device may be down: frames pass all the same
  if (!is_always_up(nic)) facts.emplace_back("state", state_of(nic));
  if (nic.speed) facts.emplace_back("speed", std::to_string(*nic.speed));
  if (!is_always_up(nic) && state_of(nic) != "up") nodes_.blame(node, std::string(state_of(nic)));
  if (found.vlan_filtering == false) unfiltered_.insert(node);
  for (const std::string& name : nic.lower)
    if (const Device* below = find_device(name); below != nullptr && !is_guests(name))
      nodes_.join(node, device(*below));
  if (!found.physical.empty()) nodes_.join(node, source("device", found.physical), "virtual function");
  return node;
}

void Ground::draw_ovs(std::size_t node, const OvsBridge& bridge) {
  for (const OvsPort& port : bridge.ports)
    if (!is_guests(port.name)) draw_port(node, port);
}

void Ground::draw_port(std::size_t node, const OvsPort& port) {
  const auto below = [&](const std::string& name) {
    const Device* found = find_device(name);
    return found != nullptr ? device(*found) : plain("port", name);
  };
  std::string label;
  for (const unsigned tag : port.tags) label += (label.empty() ? "VLAN " : ",") + std::to_string(tag);
  if (!port.peer.empty())
    return nodes_.join(node, source("ovs", port.peer), label.empty() ? "patch" : "patch, " + label);
  if (port.interfaces.size() == 1) return nodes_.join(node, below(port.interfaces.front()), label);
  const std::size_t bond = plain("bond", port.name);
  nodes_.join(node, bond, label);
  for (const std::string& name : port.interfaces) nodes_.join(bond, below(name));
}

std::size_t Ground::function(const std::string& pci) {
  const std::size_t node = plain("pci", pci);
  if (!realm_.host) return node;
  const auto& devices = realm_.host->devices;
  const auto* virtual_one = find_sorted(realm_.host->functions, pci, &VirtualFunction::pci);
  if (virtual_one != nullptr) {
    nodes_.at(node).kind = "vf";
    nodes_.join(node, source("device", virtual_one->physical), "virtual function");
    return node;
  }
  const auto whole = std::ranges::find(devices, pci, &Device::pci);
  if (whole != devices.end()) nodes_.join(node, device(*whole));
  return node;
}

const GraphNetwork* Ground::find_network(std::string_view name) const {
  const auto found = std::ranges::find(*realm_.networks, name, &GraphNetwork::name);
  return found == realm_.networks->end() ? nullptr : &*found;
}

const Device* Ground::find_device(const std::string& name) const {
  if (!realm_.host) return nullptr;
  const auto name_of = [](const Device& device) -> const std::string& { return device.nic.name; };
  const Device* found = find_sorted(realm_.host->devices, name, name_of);
  return found != nullptr ? found : find_sorted(realm_.host->devices, kernel_name(name), name_of);
}

const OvsBridge* Ground::find_ovs(std::string_view name) const {
  return realm_.host && realm_.host->ovs ? find_sorted(*realm_.host->ovs, name, &OvsBridge::name) : nullptr;
}

/// What a guest's interface is on the host: it lies above.
bool Ground::is_guests(const std::string& name) const {
  return targets_.contains(name) || is_automatic_target(name);
}

}  // namespace virt_iface
