// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/keys.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace virt_iface {

namespace {

constexpr std::string_view on_off = "on|off";
constexpr std::string_view yes_no = "yes|no";
constexpr std::string_view positive = "1-4294967295";
constexpr std::string_view natural = "0-4294967295";
constexpr unsigned not_macvtap = on_ovs | on_network | on_bridge;
constexpr unsigned filtered = on_network | on_bridge;

// clang-format off
constexpr auto table = std::to_array<Key>({
    {"type", "", Kind::word, "macvtap|ovs|network|bridge", on_all, "what the interface is plugged into"},
    {"trustGuestRxFilters", "", Kind::word, yes_no, on_macvtap | on_network, "the guest may change its receive filters and MAC"},
    {"mac", "mac.address", Kind::mac, "", on_all, "the MAC address, or stable: computed from the domain and the source"},
    {"mac.seed", "", Kind::name, "", on_all, "what a stable MAC is computed from: name, uuid or a text"},
    {"mac.prefix", "", Kind::mac_prefix, "", on_all, "the first bytes of a stable MAC"},
    {"source", "name", Kind::name, "", on_all, "the host interface, bridge or network; a comma list makes one interface each"},
    {"mode", "", Kind::word, "bridge|vepa|private|passthrough", on_macvtap, "how the macvtap device handles frames"},
    {"source.portgroup", "", Kind::device, "", on_network, "the port group of the network"},
    {"vlan.tag", "", Kind::numbers, "0-4095", on_ovs | on_network | on_macvtap, "the VLAN; several make a trunk"},
    {"vlan.trunk", "", Kind::word, "yes", on_ovs | on_network, "a trunk even of one VLAN"},
    {"vlan.native", "", Kind::native_vlan, "0-4095", on_ovs | on_network, "the trunk's native VLAN: tagged:ID or untagged:ID"},
    {"virtualport.type", "", Kind::word, "openvswitch|802.1Qbg|802.1Qbh|midonet", on_all, "the kind of virtual port"},
    {"virtualport.parameters.managerid", "", Kind::integer, "255", on_macvtap | on_network, "802.1Qbg: the VSI manager"},
    {"virtualport.parameters.typeid", "", Kind::integer, "16777215", on_macvtap | on_network, "802.1Qbg: the VSI type"},
    {"virtualport.parameters.typeidversion", "", Kind::integer, "255", on_macvtap | on_network, "802.1Qbg: the version of the VSI type"},
    {"virtualport.parameters.instanceid", "", Kind::uuid, "", on_macvtap | on_network, "802.1Qbg: the VSI instance"},
    {"virtualport.parameters.profileid", "", Kind::profile, "", on_macvtap | on_ovs | on_network, "802.1Qbh, Open vSwitch: the port profile"},
    {"virtualport.parameters.interfaceid", "", Kind::uuid, "", not_macvtap, "Open vSwitch, midonet: the interface's UUID"},
    {"bandwidth.inbound", "", Kind::bandwidth, "", on_all, "average[,peak[,burst]][,floor=N] to the guest, in KiB/s and KiB"},
    {"bandwidth.outbound", "", Kind::bandwidth, "", on_all, "average[,peak[,burst]] from the guest, in KiB/s and KiB"},
    {"port.isolated", "", Kind::word, yes_no, on_bridge | on_network, "no traffic to other isolated ports of the bridge"},
    {"target.dev", "", Kind::target, "", on_all, "the name of the device on the host"},
    {"model", "model.type", Kind::model, "", on_all, "what the guest sees; libvirt: libvirt chooses"},
    {"driver.name", "", Kind::word, "qemu|vhost", on_all, "which backend drives a virtio interface"},
    {"driver.txmode", "", Kind::word, "iothread|timer", on_all, "how sent packets are handled"},
    {"driver.ioeventfd", "", Kind::word, on_off, on_all, "I/O of the device handled beside the guest's"},
    {"driver.event_idx", "", Kind::word, on_off, on_all, "fewer interrupts and exits"},
    {"driver.queues", "", Kind::number, "2-4294967295", on_all, "the number of queue pairs"},
    {"driver.rx_queue_size", "", Kind::power_of_two, "256-1024", on_all, "the length of a receive queue, a power of two"},
    {"driver.tx_queue_size", "", Kind::power_of_two, "256-1024", on_all, "the length of a send queue, a power of two"},
    {"driver.rss", "", Kind::word, on_off, on_all, "receive side scaling"},
    {"driver.rss_hash_report", "", Kind::word, on_off, on_all, "the hash of receive side scaling reported to the guest"},
    {"driver.iommu", "", Kind::word, on_off, on_all, "the device behind an emulated IOMMU"},
    {"driver.ats", "", Kind::word, on_off, on_all, "address translation service of PCIe"},
    {"driver.packed", "", Kind::word, on_off, on_all, "packed virtqueues"},
    {"driver.page_per_vq", "", Kind::word, on_off, on_all, "one page of notifications a queue"},
    {"driver.host.csum", "", Kind::word, on_off, on_all, "host: checksum offload"},
    {"driver.host.gso", "", Kind::word, on_off, on_all, "host: generic segmentation offload"},
    {"driver.host.tso4", "", Kind::word, on_off, on_all, "host: TCP segmentation offload, IPv4"},
    {"driver.host.tso6", "", Kind::word, on_off, on_all, "host: TCP segmentation offload, IPv6"},
    {"driver.host.ecn", "", Kind::word, on_off, on_all, "host: segmentation with congestion notification"},
    {"driver.host.ufo", "", Kind::word, on_off, on_all, "host: UDP fragmentation offload"},
    {"driver.host.mrg_rxbuf", "", Kind::word, on_off, on_all, "host: merged receive buffers"},
    {"driver.guest.csum", "", Kind::word, on_off, on_all, "guest: checksum offload"},
    {"driver.guest.tso4", "", Kind::word, on_off, on_all, "guest: TCP segmentation offload, IPv4"},
    {"driver.guest.tso6", "", Kind::word, on_off, on_all, "guest: TCP segmentation offload, IPv6"},
    {"driver.guest.ecn", "", Kind::word, on_off, on_all, "guest: segmentation with congestion notification"},
    {"driver.guest.ufo", "", Kind::word, on_off, on_all, "guest: UDP fragmentation offload"},
    {"backend.tap", "", Kind::path, "", on_all, "the tun/tap device file"},
    {"backend.vhost", "", Kind::path, "", on_all, "the vhost-net device file"},
    {"filterref.filter", "", Kind::filter, "", filtered, "the network filter"},
    {"filterref.parameter.", "", Kind::filter_parameter, "", filtered, "a variable of the network filter"},
    {"tune.sndbuf", "", Kind::number, natural, on_all, "the send buffer of the tap device, in bytes"},
    {"teaming.type", "", Kind::word, "persistent|transient", on_all, "which of a pair of failover interfaces this is"},
    {"teaming.persistent", "", Kind::alias_name, "", on_all, "the alias of the persistent one, on the transient one"},
    {"link.state", "", Kind::word, "up|down", on_all, "whether the cable is plugged in"},
    {"mtu.size", "", Kind::number, "68-65535", not_macvtap, "the largest packet, in bytes"},
    {"coalesce.rx.frames.max", "", Kind::number, positive, not_macvtap, "frames gathered before the guest is told"},
    {"boot.order", "", Kind::number, "1-2147483647", on_all, "the place in the order of boot devices"},
    {"alias.name", "", Kind::alias, "", on_all, "a name of the user's for the interface, ua-…"},
    {"rom.bar", "", Kind::word, on_off, on_all, "the boot ROM visible to the guest"},
    {"rom.file", "", Kind::path, "", on_all, "the boot ROM's file"},
    {"acpi.index", "", Kind::number, "1-16383", on_all, "the ACPI index, from which guests make the device's name"},
    {"address.type", "", Kind::word, "pci|ccw", on_all, "the bus in the guest: pci, or ccw on s390x"},
    {"address.domain", "", Kind::integer, "65535/4", on_all, "pci: the domain"},
    {"address.bus", "", Kind::integer, "255/2", on_all, "pci: the bus"},
    {"address.slot", "", Kind::integer, "31/2", on_all, "pci: the slot"},
    {"address.function", "", Kind::integer, "7/1", on_all, "pci: the function"},
    {"address.multifunction", "", Kind::word, on_off, on_all, "pci: whether the slot has more functions"},
    {"address.zpci.uid", "", Kind::integer, "65535/4", on_all, "pci on s390x: the user-defined identifier"},
    {"address.zpci.fid", "", Kind::integer, "4294967295/8", on_all, "pci on s390x: the function identifier"},
    {"address.cssid", "", Kind::integer, "254/1", on_all, "ccw: the channel subsystem"},
    {"address.ssid", "", Kind::integer, "3/1", on_all, "ccw: the subchannel set"},
    {"address.devno", "", Kind::integer, "65535/4", on_all, "ccw: the device number"},
});
// clang-format on

/// The user's part of a family's key.
bool is_family_member(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool names(const Key& key, std::string_view spelling) {
  if (key.name.ends_with('.')) {
    return spelling.starts_with(key.name) && is_family_member(spelling.substr(key.name.size()));
  }
  return key.name == spelling || (!key.alias.empty() && key.alias == spelling);
}

/// The first key of which `word` is the front or the last part: vlan, portgroup.
std::string_view key_with_part(std::string_view word) {
  const std::string front = std::string(word) + '.';
  const std::string back = '.' + std::string(word);
  const auto* found = std::ranges::find_if(
      table, [&](const Key& key) { return key.name.starts_with(front) || key.name.ends_with(back); });
  return found == table.end() ? std::string_view{} : found->name;
}

std::string suggestion(std::string_view key) {
  if (key.empty()) return {};
  return "did you mean " + std::string(key) + (key.ends_with('.') ? "NAME?" : "?");
}

}  // namespace

std::span<const Key> keys() {
  return table;
}

const Key* find_key(std::string_view spelling) {
  const auto* found = std::ranges::find_if(table, [=](const Key& key) { return names(key, spelling); });
  return found == table.end() ? nullptr : found;
}

std::string canonical_key(const Key& key, std::string_view spelling) {
  return std::string(key.name.ends_with('.') ? spelling : key.name);
}

bool takes_list(const Key& key) {
  return key.name == "source" || key.kind == Kind::numbers || key.kind == Kind::bandwidth;
}

std::string suggest_key(std::string_view spelling) {
  std::string dotted = lower(spelling);
  std::ranges::replace(dotted, '_', '.');
  if (const Key* key = find_key(dotted)) return suggestion(canonical_key(*key, dotted));
  if (const std::string_view key = key_with_part(spelling); !key.empty()) return suggestion(key);
  std::vector<std::string_view> candidates;
  for (const Key& key : table) {
    candidates.push_back(key.name);
    if (!key.alias.empty()) candidates.push_back(key.alias);
  }
  return suggestion(nearest(spelling, candidates));
}

unsigned type_bit(std::string_view type) {
  if (type == "macvtap") return on_macvtap;
  if (type == "ovs") return on_ovs;
  if (type == "network") return on_network;
  return type == "bridge" ? on_bridge : 0U;
}

}  // namespace virt_iface
