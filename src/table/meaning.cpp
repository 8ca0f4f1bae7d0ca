// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/meaning.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// `802.1Qbh!` of `openvswitch|802.1Qbh!`: the port without its mark.
std::string_view unmarked(std::string_view port) {
  return port.substr(0, port.find('!'));
}

/// `vlan` for the keys of a VLAN, `virtualport` for a virtual port's parameters; else the key.
std::string_view word_of(const Key& key) {
  const std::string_view front = key.name.substr(0, key.name.find('.'));
  const auto of_front = [=](const Key& other) { return is_of(other.name, front); };
  const auto keeps_apart = [=](const Key& other) {
    return of_front(other) && other.means(meaning::isolates);
  };
  const auto in_all = std::ranges::count_if(keys(), of_front);
  const bool all = in_all > 1 && std::ranges::count_if(keys(), keeps_apart) == in_all;
  return all || !key.ports.empty() ? front : key.name;
}

}  // namespace

bool is_isolating(const Setting& setting, const Interface& on) {
  const Key* key = find_key(setting.key);
  if (key == nullptr || !key->means(meaning::isolates)) return false;
  if (key->name == "mode") return setting.value == "private";
  if (key->name == "port.isolated") return setting.value == "yes";
  return key->name != "virtualport.parameters.interfaceid" || port_of(on) == "midonet";
}

std::string_view port_of(const Interface& interface) {
  const Type* type = find_type(interface.get("type"));
  return type != nullptr && !type->port.empty() ? type->port : interface.get("virtualport.type");
}

bool port_takes(const Key& parameter, std::string_view port) {
  return std::ranges::any_of(words(parameter.ports),
                             [=](std::string_view word) { return unmarked(word) == port; });
}

std::vector<std::string_view> needed_by(std::string_view port) {
  std::vector<std::string_view> out;
  for (const Key& key : keys())
    for (const std::string_view word : words(key.ports))
      if (word.ends_with('!') && unmarked(word) == port) out.push_back(key.name);
  return out;
}

bool is_virtio(std::string_view model) {
  return is_among(normalised("model", model), "virtio|virtio-transitional|virtio-non-transitional");
}

bool is_passt(const Interface& interface) {
  return interface.get("backend.type") == "passt";
}

bool is_trunk(const Interface& interface) {
  return interface.find("vlan.trunk") != nullptr || interface.find("vlan.native") != nullptr ||
         interface.get("vlan.tag").find(',') != std::string_view::npos;
}

bool is_of_passt(const Key& key) {
  return key.types == find_key("backend.type")->types;
}

bool needs_virtio(const Key& key, std::string_view type) {
  return key.means(meaning::virtio) && (key.name != "driver.name" || type != "hostdev");
}

bool is_driver_of(std::string_view type, std::string_view name) {
  return is_among(name, type == "hostdev" ? "vfio|kvm|xen" : "qemu|vhost");
}

std::optional<Libvirt> parse_libvirt(std::string_view text) {
  std::array<std::uint64_t, 3> parts{};
  std::size_t count = 0;
  for (bool more = true; more; ++count) {
    const std::size_t dot = text.find('.');
    const auto number = to_number(text.substr(0, dot));
    if (!number || *number > 999 || count == parts.size()) return std::nullopt;
    parts.at(count) = *number;
    more = dot != text.npos;
    if (more) text.remove_prefix(dot + 1);
  }
  if (parts[0] == 0) return std::nullopt;
  return static_cast<Libvirt>(parts[0] * 1000 + parts[1]);
}

std::string libvirt_text(Libvirt version) {
  return std::to_string(version / 1000) + '.' + std::to_string(version % 1000);
}

Libvirt since(const Setting& setting, const Interface& on) {
  const Key* key = find_key(setting.key);
  if (key == nullptr) return 0;
  Libvirt first = 0;
  for (const std::string_view word : words(key->since)) {
    const std::size_t space = word.find(' ');
    const std::string_view where = space == word.npos ? std::string_view{} : word.substr(0, space);
    if (where.empty() || where == on.get("type") || where == setting.value)
      first = std::max(first, parse_libvirt(word.substr(space + 1)).value_or(0));
  }
  return first;
}

bool mode_forbids(std::string_view key, const Interface& interface) {
  return is_of(key, "vlan") && interface.get("type") == "macvtap" && interface.get("mode") != "passthrough";
}

std::string cannot_carry(const Setting& setting, const Interface& interface, Libvirt libvirt) {
  const Key* key = find_key(setting.key);
  if (key == nullptr) return {};
  const std::string type(interface.get("type"));
  if ((key->types & type_bit(type)) == 0) return "type " + type;
  if (libvirt != 0 && since(setting, interface) > libvirt)
    return "type " + type + " of libvirt " + libvirt_text(libvirt);
  if (mode_forbids(key->name, interface)) return "mode " + std::string(interface.get("mode"));
  if (!key->ports.empty() && !port_of(interface).empty() && !port_takes(*key, port_of(interface)))
    return "a virtual port of type " + std::string(port_of(interface));
  // A port's parameters without a port; only a network can give one.
  if (!key->ports.empty() && port_of(interface).empty() && type != "network")
    return "type " + type + " without a virtual port";
  // libvirt refuses it (virDomainNetDefValidate, 9.0.0).
  if (key->name == "port.isolated" && setting.value == "yes" && port_of(interface) == "openvswitch")
    return "a virtual port of type openvswitch";
  if (is_of_passt(*key) && key->name != "backend.type" && !is_passt(interface))
    return "type " + type + " without passt";
  if (key->name == "driver.name" && !is_driver_of(type, setting.value)) return "type " + type;
  if (is_of(key->name, "teaming") && type != "network" && type != "hostdev" &&
      interface.get("teaming.type") == "transient")
    return "type " + type;
  if (needs_virtio(*key, type) && !is_virtio(interface.get("model"))) {
    const std::string model(interface.get("model"));
    return model.empty() ? "a model of libvirt's choice" : "model " + model;
  }
  return {};
}

const std::vector<std::string_view>& isolating_words() {
  static const std::vector<std::string_view> found = [] {
    std::vector<std::string_view> out;
    for (const Key& key : keys())
      if (key.means(meaning::isolates) && std::ranges::find(out, word_of(key)) == out.end())
        out.push_back(word_of(key));
    return out;
  }();
  return found;
}

std::string_view isolating_word(std::string_view key) {
  const Key* row = find_key(key);
  return row == nullptr ? key : word_of(*row);
}

bool names_isolating(std::string_view word) {
  const Key* key = find_key(word);
  return std::ranges::find(isolating_words(), word) != isolating_words().end() ||
         (key != nullptr && key->means(meaning::isolates));
}

}  // namespace virt_iface
