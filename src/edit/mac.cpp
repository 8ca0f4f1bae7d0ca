// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/mac.hpp"

#include <algorithm>
#include <array>
#include <boost/uuid/name_generator_sha1.hpp>
#include <boost/uuid/uuid.hpp>
#include <cstdio>
#include <map>

#include "base/text.hpp"
#include "table/mac.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

/// Our own name space: RFC 4122 asks for one, any fixed UUID will do.
constexpr boost::uuids::uuid name_space{
    {0x8c, 0x1d, 0x3f, 0x52, 0x6a, 0x0e, 0x4b, 0x7d, 0x9a, 0x41, 0x52, 0x54, 0x00, 0x69, 0x66, 0x61}};

std::string seed_of(const Interface& interface, const Domain& domain) {
  std::string_view const asked = interface.get("mac.seed");
  if (!asked.empty() && asked != "name" && asked != "uuid") return std::string(asked);
  std::string const seed = asked == "uuid" ? lower(domain.uuid) : domain.name;  // as libvirt writes it
  if (seed.empty())
    throw Error(Exit::invalid, interface.place,
                "mac = stable needs the domain's " + std::string(asked == "uuid" ? "uuid" : "name") +
                    ", which the document does not have",
                "set mac.seed to a text, or give the domain one");
  return seed;
}

}  // namespace

bool has_policy_seed(const Interface& interface) {
  return interface.get("mac.seed").starts_with(policy_seed);
}

std::string equals_of(const Interface& interface) {
  std::string text;
  if (has_policy_seed(interface)) return std::string(interface.get("mac.seed")) + '\n';
  for (std::string_view key : {"type", "source", "vlan.tag"}) text.append(interface.get(key)).append("\n");
  return text;
}

std::string stable_mac(const Interface& interface, const Domain& domain, std::size_t ordinal) {
  // A domain's name cannot hold a line end (libvirt refuses it), so the parts cannot run into each other.
  std::string const name = seed_of(interface, domain) + '\n' + equals_of(interface) + std::to_string(ordinal);
  boost::uuids::uuid const uuid = boost::uuids::name_generator_sha1(name_space)(name);
  std::string mac(interface.get("mac.prefix").empty() ? "52:54:00" : interface.get("mac.prefix"));
  std::size_t const given = (mac.size() + 1) / 3;
  for (std::size_t i = given; i < 6; ++i) {
    std::array<char, 4> pair{};
    std::snprintf(pair.data(), pair.size(), ":%02x", unsigned{uuid.data[10 + i]});
    mac += pair.data();
  }
  return mac;
}

std::set<std::string> macs_of(const Domain& domain) {
  std::set<std::string> macs;
  for (const Element& interface : domain.interfaces)
    if (std::string mac = mac_of(interface); !mac.empty()) macs.insert(std::move(mac));
  return macs;
}

std::vector<Message> warnings_of_macs(const Document& document, const std::vector<Change>& changes) {
  const std::vector<Element>& interfaces = document.domain.interfaces;
  std::map<std::size_t, std::string> faults;  // by position
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    if (Mac::parse(interfaces[i].at("mac/@address"))) continue;
    if (std::string mac = mac_of(interfaces[i]); !mac.empty() && !Mac::parse(mac))
      faults[i + 1] = std::move(mac);
  }
  for (const Change& change : changes) {
    const auto fault = faults.find(change.position);
    if (fault != faults.end() &&
        (change.kind == Change::Kind::removed || mac_of(change.interface) != fault->second))
      faults.erase(fault);
  }
  std::vector<Message> out;
  out.reserve(faults.size());
  for (const auto& [position, mac] : faults) {
    const Element& interface = interfaces[position - 1];
    out.push_back({.severity = Severity::warning,
                   .place = document.place(interface.begin),
                   .text = describe(position, interface) + ": '" + mac + "' is no MAC address",
                   .hint = "libvirt refuses it: write an address, or leave mac out"});
  }
  return out;
}

}  // namespace virt_iface
