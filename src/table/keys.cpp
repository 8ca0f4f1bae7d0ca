// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/keys.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "table/short_key.hpp"

namespace virt_iface {

namespace {

using namespace meaning;

constexpr std::string_view on_off = "on|off";
constexpr std::string_view yes_no = "yes|no";
constexpr std::string_view positive = "1-4294967295";
constexpr std::string_view natural = "0-4294967295";
// The bits of the first rows of types().
constexpr Types macvtap = 1, ovs = 2, network = 4, bridge = 8, hostdev = 16, user = 32, ethernet = 64,
                vhostuser = 256;
constexpr Types any = ~Types{0};
constexpr Types passt = user | vhostuser;
constexpr Types filtered = network | bridge | ethernet;
constexpr Types switched = ovs | network | bridge;
constexpr Types emulated = any & ~hostdev;  // a function of the host has no virtio options

// clang-format off
constexpr auto table = std::to_array<Key>({
    {"type", "", "@type", Kind::type, "", any, identity, "what the interface is plugged into"},
    {"managed", "", "@managed", Kind::word, yes_no, hostdev, plugged, "libvirt takes the device from its driver on the host, and gives it back"},
    {"trustGuestRxFilters", "", "@trustGuestRxFilters", Kind::word, yes_no, macvtap | network, plain, "the guest may change its receive filters and MAC"},
    {"mac", "mac.address", "mac/@address", Kind::mac, "", any, names | guest | unique | anchor | runtime, "the MAC address, or stable: computed from the domain and the source"},
    {"mac.seed", "", "", Kind::name, "", any, plain, "what a stable MAC is computed from: name, uuid or a text"},
    {"mac.prefix", "", "", Kind::mac_prefix, "", any, plain, "the first bytes of a stable MAC"},
    {"mac.type", "", "mac/@type", Kind::word, "generated|static", any, runtime, "VMware: who made the MAC address"},
    {"mac.check", "", "mac/@check", Kind::word, yes_no, any, runtime, "VMware: whether the MAC address is checked"},
    {"mac.currentAddress", "", "mac/@currentAddress", Kind::seen, "", any, runtime, "the MAC address that the guest has given itself", Where::anywhere, "", "11.2"},
    {"source", "name", "source/@", Kind::name, "", any, identity, "the host interface, bridge or network; a comma list makes one interface each"},
    {"mode", "", "source/@mode", Kind::word, "bridge|vepa|private|passthrough", macvtap, isolates | plugged, "how the macvtap device handles frames"},
    {"source.dev", "", "source/@dev", Kind::device, "", passt, plugged, "passt: the host interface whose addresses the guest gets", Where::anywhere, "", "9.2"},
    {"source.mode", "", "source/@mode", Kind::word, "client|server", vhostuser, plugged, "which end of the socket libvirt is"},
    {"source.vendor.id", "", "source/vendor/@id", Kind::integer, "65535/4", hostdev, plugged, "usb: the vendor, in place of a PCI address"},
    {"source.product.id", "", "source/product/@id", Kind::integer, "65535/4", hostdev, plugged, "usb: the product"},
    {"source.portgroup", "", "source/@portgroup", Kind::device, "", network, identity | isolates, "the port group of the network"},
    {"source.portid", "", "source/@portid", Kind::seen, "", network, runtime, "the port that libvirt made on the network"},
    {"vlan.tag", "", "vlan/tag[]/@id", Kind::numbers, "0-4095/1-4094", ovs | network | bridge | macvtap | hostdev, identity | isolates | inherited, "the VLAN; several make a trunk", Where::anywhere, "", "bridge 11.0"},
    {"vlan.trunk", "", "vlan/@trunk", Kind::word, "yes", ovs | network | bridge, identity | isolates | inherited, "a trunk even of one VLAN", Where::anywhere, "", "bridge 11.0"},
    {"vlan.native", "", "vlan/tag/@nativeMode", Kind::native_vlan, "0-4095", ovs | network | bridge, identity | isolates | inherited, "the trunk's native VLAN: tagged:ID or untagged:ID", Where::anywhere, "", "bridge 11.0"},
    {"virtualport.type", "", "virtualport/@type", Kind::word, "openvswitch|802.1Qbg|802.1Qbh|midonet", macvtap | switched | hostdev, identity | inherited, "the kind of virtual port"},
    {"virtualport.parameters.managerid", "", "virtualport/parameters/@managerid", Kind::integer, "255", macvtap | network, identity | isolates | inherited, "802.1Qbg: the VSI manager", Where::anywhere, "802.1Qbg!"},
    {"virtualport.parameters.typeid", "", "virtualport/parameters/@typeid", Kind::integer, "16777215", macvtap | network, identity | isolates | inherited, "802.1Qbg: the VSI type", Where::anywhere, "802.1Qbg!"},
    {"virtualport.parameters.typeidversion", "", "virtualport/parameters/@typeidversion", Kind::integer, "255", macvtap | network, identity | isolates | inherited, "802.1Qbg: the version of the VSI type", Where::anywhere, "802.1Qbg!"},
    {"virtualport.parameters.instanceid", "", "virtualport/parameters/@instanceid", Kind::uuid, "", macvtap | network, identity | runtime | inherited, "802.1Qbg: the VSI instance", Where::anywhere, "802.1Qbg"},
    {"virtualport.parameters.profileid", "", "virtualport/parameters/@profileid", Kind::profile, "", macvtap | ovs | network | hostdev, identity | isolates | inherited, "802.1Qbh, Open vSwitch: the port profile", Where::anywhere, "openvswitch|802.1Qbh!"},
    {"virtualport.parameters.interfaceid", "", "virtualport/parameters/@interfaceid", Kind::uuid, "", switched, identity | isolates | unique | runtime | inherited, "Open vSwitch, midonet: the interface's UUID", Where::anywhere, "openvswitch|midonet!"},
    {"bandwidth.inbound", "", "", Kind::bandwidth, "", any, plain, "average[,peak[,burst]][,floor=N] to the guest, in KiB/s and KiB"},
    {"bandwidth.inbound.average", "", "bandwidth/inbound/@average", Kind::number, positive, any, plain | inherited, "the rate to the guest, in KiB/s"},
    {"bandwidth.inbound.peak", "", "bandwidth/inbound/@peak", Kind::number, positive, any, plain | inherited, "the highest rate to the guest, in KiB/s"},
    {"bandwidth.inbound.floor", "", "bandwidth/inbound/@floor", Kind::number, positive, network, plain | inherited, "the rate that is kept free for it to the guest, in KiB/s"},
    {"bandwidth.inbound.burst", "", "bandwidth/inbound/@burst", Kind::number, positive, any, plain | inherited, "what may pass at the peak to the guest, in KiB"},
    {"bandwidth.outbound", "", "", Kind::bandwidth, "", any, plain, "average[,peak[,burst]] from the guest, in KiB/s and KiB"},
    {"bandwidth.outbound.average", "", "bandwidth/outbound/@average", Kind::number, positive, any, plain | inherited, "the rate from the guest, in KiB/s"},
    {"bandwidth.outbound.peak", "", "bandwidth/outbound/@peak", Kind::number, positive, any, plain | inherited, "the highest rate from the guest, in KiB/s"},
    {"bandwidth.outbound.burst", "", "bandwidth/outbound/@burst", Kind::number, positive, any, plain | inherited, "what may pass at the peak from the guest, in KiB"},
    {"port.isolated", "", "port/@isolated", Kind::word, yes_no, bridge | network, isolates | inherited | anchor, "no traffic to other isolated ports of the bridge"},
    {"ip", "", "ip", Kind::kept, "", passt, plain, "kept as it is"},
    {"route", "", "route", Kind::kept, "", passt, plain, "kept as it is"},
    {"portForward", "", "portForward", Kind::port_forward, "", passt, plain, "passt: ports of the host that lead to the guest: [ADDRESS:]PORT[-END][:TO][/udp]", Where::anywhere, "", "9.2"},
    {"script", "", "script", Kind::kept, "", ethernet, plain, "kept as it is"},
    {"downscript", "", "downscript", Kind::kept, "", ethernet, plain, "kept as it is"},
    {"backenddomain", "", "backenddomain", Kind::kept, "", any, plain, "kept as it is"},
    {"target.dev", "", "target/@dev", Kind::target, "", any, unique | anchor | runtime, "the name of the device on the host"},
    {"target.managed", "", "target/@managed", Kind::word, yes_no, ethernet, plugged, "libvirt makes the tap device, or finds one that is there"},
    {"guest", "", "guest", Kind::kept, "", any, plain, "kept as it is"},
    {"model", "model.type", "model/@type", Kind::model, "", any, guest | anchor, "what the guest sees; libvirt: libvirt chooses"},
    {"driver.name", "", "driver/@name", Kind::word, "qemu|vhost|vfio|kvm|xen", any, guest | virtio, "which backend drives a virtio interface; on hostdev what passes the device through"},
    {"driver.model", "", "driver/@model", Kind::letters, "_+-", hostdev, plugged, "the driver of the host that the function is bound to, in place of vfio-pci", Where::anywhere, "", "10.0"},
    {"driver.iommufd", "", "driver/@iommufd", Kind::word, yes_no, hostdev, plugged, "the function passed through by /dev/iommu", Where::anywhere, "", "12.1"},
    {"driver.txmode", "", "driver/@txmode", Kind::word, "iothread|timer", emulated, guest | virtio, "how sent packets are handled"},
    {"driver.ioeventfd", "", "driver/@ioeventfd", Kind::word, on_off, emulated, guest | virtio, "I/O of the device handled beside the guest's"},
    {"driver.event_idx", "", "driver/@event_idx", Kind::word, on_off, emulated, guest | virtio, "fewer interrupts and exits"},
    {"driver.queues", "", "driver/@queues", Kind::number, "2-4294967295", emulated, guest | virtio, "the number of queue pairs"},
    {"driver.rx_queue_size", "", "driver/@rx_queue_size", Kind::power_of_two, "256-1024", emulated, guest | virtio, "the length of a receive queue, a power of two"},
    {"driver.tx_queue_size", "", "driver/@tx_queue_size", Kind::power_of_two, "256-1024", emulated, guest | virtio, "the length of a send queue, a power of two"},
    {"driver.rss", "", "driver/@rss", Kind::word, on_off, emulated, guest | virtio, "receive side scaling"},
    {"driver.rss_hash_report", "", "driver/@rss_hash_report", Kind::word, on_off, emulated, guest | virtio, "the hash of receive side scaling reported to the guest"},
    {"driver.iommu", "", "driver/@iommu", Kind::word, on_off, emulated, guest | virtio, "the device behind an emulated IOMMU"},
    {"driver.ats", "", "driver/@ats", Kind::word, on_off, emulated, guest | virtio, "address translation service of PCIe", Where::not_ccw},
    {"driver.packed", "", "driver/@packed", Kind::word, on_off, emulated, guest | virtio, "packed virtqueues"},
    {"driver.page_per_vq", "", "driver/@page_per_vq", Kind::word, on_off, emulated, guest | virtio, "one page of notifications a queue", Where::not_ccw},
    {"driver.host.csum", "", "driver/host/@csum", Kind::word, on_off, emulated, guest | virtio, "host: checksum offload"},
    {"driver.host.gso", "", "driver/host/@gso", Kind::word, on_off, emulated, guest | virtio, "host: generic segmentation offload"},
    {"driver.host.tso4", "", "driver/host/@tso4", Kind::word, on_off, emulated, guest | virtio, "host: TCP segmentation offload, IPv4"},
    {"driver.host.tso6", "", "driver/host/@tso6", Kind::word, on_off, emulated, guest | virtio, "host: TCP segmentation offload, IPv6"},
    {"driver.host.ecn", "", "driver/host/@ecn", Kind::word, on_off, emulated, guest | virtio, "host: segmentation with congestion notification"},
    {"driver.host.ufo", "", "driver/host/@ufo", Kind::word, on_off, emulated, guest | virtio, "host: UDP fragmentation offload"},
    {"driver.host.mrg_rxbuf", "", "driver/host/@mrg_rxbuf", Kind::word, on_off, emulated, guest | virtio, "host: merged receive buffers"},
    {"driver.guest.csum", "", "driver/guest/@csum", Kind::word, on_off, emulated, guest | virtio, "guest: checksum offload"},
    {"driver.guest.tso4", "", "driver/guest/@tso4", Kind::word, on_off, emulated, guest | virtio, "guest: TCP segmentation offload, IPv4"},
    {"driver.guest.tso6", "", "driver/guest/@tso6", Kind::word, on_off, emulated, guest | virtio, "guest: TCP segmentation offload, IPv6"},
    {"driver.guest.ecn", "", "driver/guest/@ecn", Kind::word, on_off, emulated, guest | virtio, "guest: segmentation with congestion notification"},
    {"driver.guest.ufo", "", "driver/guest/@ufo", Kind::word, on_off, emulated, guest | virtio, "guest: UDP fragmentation offload"},
    {"backend.type", "", "backend/@type", Kind::word, "default|passt", passt, plugged, "what connects the guest: passt, or libvirt's default", Where::anywhere, "", "9.2|default 10.6|vhostuser 11.1"},
    {"backend.logFile", "", "backend/@logFile", Kind::path, "", passt, plugged, "passt: its log", Where::anywhere, "", "9.2"},
    {"backend.hostname", "", "backend/@hostname", Kind::letters, ".-", passt, plugged, "passt: the host name that the guest is given", Where::anywhere, "", "11.8"},
    {"backend.fqdn", "", "backend/@fqdn", Kind::letters, ".-", passt, plugged, "passt: the full name that the guest is given", Where::anywhere, "", "11.8"},
    {"backend.tap", "", "backend/@tap", Kind::path, "", any, plain, "the tun/tap device file"},
    {"backend.vhost", "", "backend/@vhost", Kind::path, "", emulated, virtio, "the vhost-net device file"},
    {"filterref.filter", "", "filterref/@filter", Kind::filter, "", filtered, isolates | anchor, "the network filter"},
    {"filterref.parameter.", "", "filterref/parameter[@name]/@value", Kind::filter_parameter, "", filtered, isolates, "a variable of the network filter"},
    {"tune.sndbuf", "", "tune/sndbuf", Kind::number, natural, any, plain, "the send buffer of the tap device, in bytes"},
    {"teaming.type", "", "teaming/@type", Kind::word, "persistent|transient", any, guest | anchor, "which of a pair of failover interfaces this is"},
    {"teaming.persistent", "", "teaming/@persistent", Kind::alias_name, "", network | hostdev, guest, "the alias of the persistent one, on the transient one"},
    {"link.state", "", "link/@state", Kind::word, "up|down", any, plain | anchor, "whether the cable is plugged in"},
    {"mtu.size", "", "mtu/@size", Kind::number, "68-65535", switched | ethernet | vhostuser, guest | anchor, "the largest packet, in bytes"},
    {"coalesce.rx.frames.max", "", "coalesce/rx/frames/@max", Kind::number, positive, switched, plain, "frames gathered before the guest is notified"},
    {"boot.order", "", "boot/@order", Kind::number, "1-2147483647", any, guest | unique | anchor, "the place in the order of boot devices"},
    {"boot.loadparm", "", "boot/@loadparm", Kind::loadparm, "", any, guest, "s390x: what the boot loader is given", Where::s390},
    {"alias.name", "", "alias/@name", Kind::alias, "", any, names | guest | unique | anchor, "a name of the user's for the interface, ua-…"},
    {"rom.bar", "", "rom/@bar", Kind::word, on_off, any, guest, "the boot ROM visible to the guest", Where::not_ccw},
    {"rom.enabled", "", "rom/@enabled", Kind::word, yes_no, any, guest, "whether there is a boot ROM at all", Where::not_ccw},
    {"rom.file", "", "rom/@file", Kind::path, "", any, guest, "the boot ROM's file", Where::not_ccw},
    {"acpi.index", "", "acpi/@index", Kind::number, "1-16383", any, guest | unique, "the ACPI index, from which guests make the device's name", Where::not_ccw},
    {"acpi.nodeset", "", "acpi/@nodeset", Kind::node_set, "", any, guest, "the guest's NUMA nodes that the device is said to be near", Where::not_ccw, "", "11.8"},
    {"address", "", "", Kind::pci_address, "domain|bus|slot|function", any, plain, "a PCI address in one word, as 0000:01:00.0"},
    {"address.type", "", "address/@type", Kind::word, "pci|ccw|usb|spapr-vio|virtio-mmio", any, guest | runtime | anchor, "the bus in the guest: pci, ccw on s390x, usb, spapr-vio, virtio-mmio"},
    {"address.domain", "", "address/@domain", Kind::integer, "65535/4", any, guest | runtime, "pci: the domain"},
    {"address.bus", "", "address/@bus", Kind::integer, "255/2", any, guest | runtime, "pci, usb: the bus"},
    {"address.slot", "", "address/@slot", Kind::integer, "31/2", any, guest | runtime, "pci: the slot"},
    {"address.function", "", "address/@function", Kind::integer, "7/1", any, guest | runtime, "pci: the function"},
    {"address.multifunction", "", "address/@multifunction", Kind::word, on_off, any, guest | runtime, "pci: whether the slot has more functions"},
    {"address.port", "", "address/@port", Kind::usb_port, "", macvtap | switched | user | ethernet, guest | runtime, "usb: the port, as 1 or 1.2"},
    {"address.reg", "", "address/@reg", Kind::integer, "4294967295/8", macvtap | switched | user | ethernet, guest | runtime, "spapr-vio: the register"},
    {"address.zpci.uid", "", "address/zpci/@uid", Kind::integer, "65535/4", any, guest | runtime, "pci on s390x: the user-defined identifier", Where::s390},
    {"address.zpci.fid", "", "address/zpci/@fid", Kind::integer, "4294967295/8", any, guest | runtime, "pci on s390x: the function identifier", Where::s390},
    {"address.cssid", "", "address/@cssid", Kind::integer, "254/1", emulated, guest | runtime, "ccw: the channel subsystem", Where::s390},
    {"address.ssid", "", "address/@ssid", Kind::integer, "3/1", emulated, guest | runtime, "ccw: the subchannel set", Where::s390},
    {"address.devno", "", "address/@devno", Kind::integer, "65535/4", emulated, guest | runtime, "ccw: the device number", Where::s390},
});
// clang-format on

static_assert(std::ranges::all_of(table, [](const Key& key) { return key.meaning != 0; }),
              "every key states a meaning");

// What follows is made by the compiler: most runs are so short that making it would be seen.

/// The rows that can be stated.
constexpr auto stated = [] {
  constexpr auto can_be = [](const Key& key) { return key.kind != Kind::kept && key.kind != Kind::seen; };
  std::array<Key, static_cast<std::size_t>(std::ranges::count_if(table, can_be))> rows{};
  std::ranges::copy_if(table, rows.begin(), can_be);
  return rows;
}();

/// A row's path without brackets.
class Path {
 public:
  constexpr Path() = default;
  constexpr explicit Path(std::string_view row) {
    for (bool kept = true; const char c : row) {
      kept = kept && c != '[';
      if (kept) text_.at(size_++) = c;
      kept = kept || c == ']';
    }
  }
  constexpr std::string_view view() const { return {text_.data(), size_}; }
  constexpr bool is_in(std::string_view element) const {
    const std::string_view path = view();
    return path.starts_with(element) && (path.size() == element.size() || path[element.size()] == '/');
  }

 private:
  std::array<char, 47> text_{};
  std::uint8_t size_ = 0;
};

template <std::size_t size>
constexpr std::array<Path, size> paths_of(const std::array<Key, size>& rows) {
  std::array<Path, size> paths{};
  std::ranges::transform(rows, paths.begin(), [](const Key& key) { return Path(key.path); });
  return paths;
}

constexpr auto paths = paths_of(stated);
constexpr auto all_paths = paths_of(table);

/// Numbers of rows by the hash of a text of theirs.
class Index {
 public:
  constexpr Index() { rows_.fill(none); }

  constexpr void add(std::string_view text, std::size_t row) {
    std::size_t at = hash(text);
    while (rows_.at(at) != none) at = (at + 1) % size;
    rows_.at(at) = static_cast<std::uint8_t>(row);
  }

  /// The first that was added and fits, or `none`.
  template <typename Fits>
  constexpr std::size_t find(std::string_view text, Fits fits) const {
    std::size_t at = hash(text);
    while (rows_[at] != none && !fits(rows_[at])) at = (at + 1) % size;
    return rows_[at];
  }

  static constexpr std::uint8_t none = 255;

 private:
  static constexpr std::size_t size = 512;
  static_assert(table.size() < none);

  static constexpr std::size_t hash(std::string_view text) {
    std::uint32_t sum = 2166136261;
    for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 16777619;
    return (sum >> 16) % size;
  }

  std::array<std::uint8_t, size> rows_{};
};

constexpr Index by_name = [] {
  Index index;
  for (std::size_t i = 0; i < stated.size(); ++i) {
    index.add(stated[i].name, i);
    if (!stated[i].alias.empty()) index.add(stated[i].alias, i);
  }
  return index;
}();

constexpr Index by_path = [] {
  Index index;
  for (std::size_t i = 0; i < paths.size(); ++i)
    if (!paths[i].view().empty()) index.add(paths[i].view(), i);
  return index;
}();

constexpr std::size_t first_in(const Index& index, std::string_view element) {
  return index.find(element, [=](std::size_t row) { return all_paths[row].is_in(element); });
}

/// The first row of each element: they stand in libvirt's order.
constexpr Index by_element = [] {
  Index index;
  for (std::size_t i = 0; i < all_paths.size(); ++i) {
    const std::string_view path = all_paths[i].view();
    for (std::size_t end = path.find('/'); !path.empty(); end = path.find('/', end + 1)) {
      const std::string_view element = path.substr(0, end);
      const bool is_attribute = element.find('@') != element.npos;
      if (!is_attribute && first_in(index, element) == Index::none) index.add(element, i);
      if (end == path.npos) break;
    }
  }
  return index;
}();

const Key* row_named(std::string_view spelling) {
  if (spelling.empty()) return nullptr;
  const std::size_t row = by_name.find(
      spelling, [=](std::size_t i) { return stated[i].name == spelling || stated[i].alias == spelling; });
  return row == Index::none ? nullptr : &stated[row];
}

/// The user's part of a family's key.
bool is_family_member(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

/// The first key of which `word` is the front or the last part: vlan, portgroup.
std::string_view key_with_part(std::string_view word) {
  const std::string front = std::string(word) + '.';
  const std::string back = '.' + std::string(word);
  const auto found = std::ranges::find_if(
      keys(), [&](const Key& key) { return key.name.starts_with(front) || key.name.ends_with(back); });
  return found == keys().end() ? std::string_view{} : found->name;
}

/// The first row of all for which that holds, or nullptr.
template <class Holds>
const Key* row_where(const Holds& holds) {
  const auto* found = std::ranges::find_if(table, holds);
  return found == table.end() ? nullptr : found;
}

std::string suggestion(std::string_view key) {
  if (key.empty()) return {};
  return "did you mean " + std::string(key) + (key.ends_with('.') ? "NAME?" : "?");
}

}  // namespace

std::span<const Key> keys() {
  return stated;
}

const Key* find_key(std::string_view spelling) {
  if (const Key* row = row_named(spelling)) return row->is_family() ? nullptr : row;
  const std::size_t dot = spelling.rfind('.');
  if (dot == spelling.npos || !is_family_member(spelling.substr(dot + 1))) return nullptr;
  return row_named(spelling.substr(0, dot + 1));
}

const Key* key_at(std::string_view path, Types on) {
  const auto lies_there = [=](std::size_t row) { return paths[row].view() == path; };
  const std::size_t first = by_path.find(path, lies_there);
  const std::size_t fitting =
      by_path.find(path, [=](std::size_t row) { return lies_there(row) && (stated[row].types & on) != 0; });
  if (fitting != Index::none) return &stated[fitting];
  // Another type's attribute of <source> is none of its own: libvirt notes the bridge of a running network's.
  if (first == Index::none || path.starts_with("source/")) return nullptr;
  const std::size_t second =
      by_path.find(path, [=](std::size_t row) { return lies_there(row) && row != first; });
  return second == Index::none ? &stated[first] : nullptr;
}

const Key* kept_element(std::string_view name) {
  return row_where([=](const Key& key) { return key.kind == Kind::kept && key.path == name; });
}

const Key* find_seen(std::string_view name) {
  return row_where([=](const Key& key) { return key.kind == Kind::seen && key.name == name; });
}

const Key* seen_at(std::string_view path, Types on) {
  return row_where(
      [=](const Key& key) { return key.kind == Kind::seen && key.path == path && (key.types & on) != 0; });
}

std::vector<const Key*> seen_keys() {
  std::vector<const Key*> out;
  for (const Key& key : table)
    if (key.kind == Kind::seen) out.push_back(&key);
  return out;
}

std::string canonical_key(const Key& key, std::string_view spelling) {
  return std::string(key.is_family() ? spelling : key.name);
}

bool takes_list(const Key& key) {
  return key.name == "source" || key.kind == Kind::numbers || key.kind == Kind::filter_parameter ||
         key.kind == Kind::node_set || key.kind == Kind::bandwidth || key.kind == Kind::port_forward;
}

std::string suggest_key(std::string_view spelling) {
  if (spelling.empty()) return {};
  if (find_seen(spelling) != nullptr)
    return "libvirt writes it while a guest runs: it is listed, never asked for";
  std::string dotted = lower(spelling);
  std::ranges::replace(dotted, '_', '.');
  if (const Key* key = find_key(dotted)) return suggestion(canonical_key(*key, dotted));
  if (const std::string_view key = key_with_part(spelling); !key.empty()) return suggestion(key);
  std::vector<std::string_view> candidates;
  for (const Key& key : keys()) {
    candidates.push_back(key.name);
    if (!key.alias.empty()) candidates.push_back(key.alias);
  }
  return suggestion(nearest(spelling, candidates));
}

bool is_of(std::string_view key, std::string_view family) {
  return key == family || (key.starts_with(family) && key.substr(family.size()).starts_with('.'));
}

std::vector<std::string_view> family_of(std::string_view word) {
  std::vector<std::string_view> out;
  const Key* own = find_key(word);
  if (word.empty() || (own != nullptr && !is_short(*own))) return out;
  for (const Key& key : keys())
    if (key.name != word && is_of(key.name, word) && !is_short(key)) out.push_back(key.name);
  return out;
}

std::size_t interface_child_rank(std::string_view path) {
  return first_in(by_element, path);
}

bool is_anchor(std::string_view path) {
  return by_path.find(path, [=](std::size_t row) {
    return paths[row].view() == path && stated[row].means(anchor);
  }) != Index::none;
}

std::vector<std::string_view> elements_that(meaning::Bit what) {
  std::vector<std::string_view> out;
  for (const Key& key : keys()) {
    const std::string_view element = key.path.substr(0, key.path.find('/'));
    if (key.means(what) && !element.starts_with('@') && !element.empty() &&
        std::ranges::find(out, element) == out.end())
      out.push_back(element);
  }
  return out;
}

}  // namespace virt_iface
