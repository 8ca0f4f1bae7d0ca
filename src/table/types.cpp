// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/types.hpp"

#include <algorithm>
#include <array>

namespace virt_iface {

namespace {

// clang-format off
constexpr auto table = std::to_array<Type>({
    {"macvtap", "direct", "dev", SourceIs::device, "host interface", true, "", "802.1Qbg|802.1Qbh", "bridge|vepa|private|passthrough", "direct", "macvlan|macvtap-bridge"},
    {"ovs", "bridge", "bridge", SourceIs::device, "Open vSwitch bridge", true, "openvswitch", "openvswitch", "", "", "openvswitch|ovsbridge|ovs-bridge|vswitch"},
    {"network", "network", "network", SourceIs::name, "network", true, "", "openvswitch|802.1Qbg|802.1Qbh|midonet", "", "virtualnetwork", "net|nat|virtual"},
    {"bridge", "bridge", "bridge", SourceIs::device, "Linux bridge", true, "", "midonet", "", "", "linuxbridge|linux-bridge|br"},
    {"hostdev", "hostdev", "", SourceIs::pci, "PCI address", true, "", "802.1Qbh", "", "", "passthrough|passthru|sriov|sr-iov|vf|pci|vfio"},
    {"user", "user", "", SourceIs::none, "", true, "", "", "", "", "passt|slirp|usermode"},
    {"ethernet", "ethernet", "", SourceIs::none, "", true, "", "", "", "", "tap|tun"},
    {"vdpa", "vdpa", "dev", SourceIs::path, "vDPA device", true, "", "", "", "", "vhost-vdpa"},
    {"vhostuser", "vhostuser", "path", SourceIs::path, "socket", true, "", "", "", "", "vhost-user|dpdk"},
    {"mcast", "mcast", "address", SourceIs::endpoint, "address", false, "", "", "", "", ""},
    {"server", "server", "address", SourceIs::endpoint, "address", false, "", "", "", "", ""},
    {"client", "client", "address", SourceIs::endpoint, "address", false, "", "", "", "", ""},
    {"udp", "udp", "address", SourceIs::endpoint, "address", false, "", "", "", "", ""},
    {"internal", "internal", "name", SourceIs::name, "name", false, "", "", "", "", ""},
    {"null", "null", "", SourceIs::none, "", false, "", "", "", "", ""},
    {"vds", "vds", "switchid", SourceIs::name, "switch", false, "", "", "", "", ""},
});
// clang-format on

}  // namespace

std::span<const Type> types() {
  return table;
}

const Type* find_type(std::string_view word) {
  const auto* found = std::ranges::find(table, word, &Type::word);
  return found == table.end() ? nullptr : found;
}

const Type* type_of_element(std::string_view libvirt, std::string_view port) {
  const auto* found = std::ranges::find_if(table, [=](const Type& type) {
    return type.libvirt == libvirt && (type.port.empty() || type.port == port);
  });
  return found == table.end() ? nullptr : found;
}

const Type* type_meant_by(std::string_view word) {
  const auto* found =
      std::ranges::find_if(table, [=](const Type& type) { return is_among(word, type.near); });
  return found == table.end() ? nullptr : found;
}

Types type_bit(std::string_view word) {
  const Type* type = find_type(word);
  return type == nullptr ? 0U : Types{1} << (type - table.data());
}

std::string_view made_types() {
  static const std::string joined = [] {
    std::string out;
    for (const Type& type : table)
      if (type.made) out.append(out.empty() ? "" : "|").append(type.word);
    return out;
  }();
  return joined;
}

std::vector<std::string_view> words(std::string_view joined) {
  std::vector<std::string_view> out;
  while (!joined.empty()) {
    const std::size_t bar = std::min(joined.find('|'), joined.size());
    out.push_back(joined.substr(0, bar));
    joined.remove_prefix(std::min(bar + 1, joined.size()));
  }
  return out;
}

bool is_among(std::string_view word, std::string_view joined) {
  const std::vector<std::string_view> list = words(joined);
  return std::ranges::find(list, word) != list.end();
}

}  // namespace virt_iface
