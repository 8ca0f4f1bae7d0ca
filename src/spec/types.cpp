// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/types.hpp"

#include <algorithm>
#include <array>

namespace virt_iface {

namespace {

// clang-format off
constexpr auto table = std::to_array<Type>({
    {"macvtap", "direct", "dev", "host interface", true, true, "", "802.1Qbg|802.1Qbh", "bridge|vepa|private|passthrough", "direct"},
    {"ovs", "bridge", "bridge", "Open vSwitch bridge", true, true, "openvswitch", "openvswitch", "", ""},
    {"network", "network", "network", "network", true, false, "", "openvswitch|802.1Qbg|802.1Qbh|midonet", "", "virtualnetwork"},
    {"bridge", "bridge", "bridge", "Linux bridge", true, true, "", "midonet", "", ""},
    {"user", "user", "dev", "host interface", false, false, "", "", "", ""},
    {"ethernet", "ethernet", "", "", false, false, "", "", "", ""},
    {"hostdev", "hostdev", "", "", false, false, "", "", "", ""},
    {"vdpa", "vdpa", "dev", "vDPA device", false, false, "", "", "", ""},
    {"vhostuser", "vhostuser", "dev|path", "socket", false, false, "", "", "", ""},
    {"mcast", "mcast", "address", "address", false, false, "", "", "", ""},
    {"server", "server", "address", "address", false, false, "", "", "", ""},
    {"client", "client", "address", "address", false, false, "", "", "", ""},
    {"udp", "udp", "address", "address", false, false, "", "", "", ""},
    {"internal", "internal", "name", "name", false, false, "", "", "", ""},
    {"null", "null", "", "", false, false, "", "", "", ""},
    {"vds", "vds", "switchid", "switch", false, false, "", "", "", ""},
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
