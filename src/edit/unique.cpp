// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/unique.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <string_view>

#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/other_devices.hpp"

namespace virt_iface {
namespace {

/// What a device address is made of: libvirt's defaults for what is not said, and the parts that make it one.
struct AddressKind {
  std::string_view name;
  std::string_view bus;  // address.type
  std::array<std::string_view, 4> parts;
};
constexpr std::array<AddressKind, 6> address_kinds{
    {{"PCI address", "pci", {"address.domain", "address.bus", "address.slot", "address.function"}},
     {"ccw address", "ccw", {"address.cssid", "address.ssid", "address.devno", ""}},
     {"USB address", "usb", {"address.bus", "address.port", "", ""}},
     {"spapr-vio address", "spapr-vio", {"address.reg", "", "", ""}},
     {"zPCI uid", "pci", {"address.zpci.uid", "", "", ""}},
     {"zPCI fid", "pci", {"address.zpci.fid", "", "", ""}}}};

struct Held {
  std::string_view kind;
  std::string value;
  std::string_view by{};  // the key that states it
};

/// The addresses that `value_of` (of a key) gives: `0x0000:0x00:0x0a:0x0`. A part that is not stated is 0, as
/// libvirt has it; a PCI address without bus and slot is none.
template <class ValueOf>
std::vector<Held> addresses_of(const ValueOf& value_of) {
  std::vector<Held> out;
  const std::string_view bus = value_of("address.type");
  for (const AddressKind& kind : address_kinds) {
    if (bus.empty() || bus != kind.bus) continue;
    Held held{kind.name, {}};
    for (const std::string_view part : kind.parts) {
      if (part.empty()) break;
      const std::string_view value = value_of(part);
      if (!value.empty() && part != "address.domain" && part != "address.function") held.by = part;
      held.value.append(held.value.empty() ? "" : ":").append(normalised(part, value.empty() ? "0" : value));
    }
    if (!held.by.empty()) out.push_back(std::move(held));
  }
  return out;
}

std::vector<Held> addresses_in(const Interface& interface) {
  return addresses_of([&](std::string_view key) { return interface.get(key); });
}

/// Of an element whose child the `<address>` is.
std::vector<Held> addresses_in(const Element& device) {
  if (device.child("address") == nullptr) return {};
  return addresses_of([&](std::string_view key) { return device.at(find_key(key)->path); });
}

std::string what_is_shared(const Key& key) {
  if (key.name == "mac") return "MAC";
  if (key.name == "source") return "device";
  const std::string_view last = key.name.substr(key.name.rfind('.') + 1);
  if (key.name.starts_with("virtualport.")) return std::string(last);
  std::string text(key.name.substr(0, key.name.find('.')));
  if (text == "acpi") text = "ACPI";
  return last == "name" || last == "dev" ? text : text + ' ' + std::string(last);
}

/// What of an interface changes, or what does not. Its type and teaming go with both: a device of the host is
/// its own, and a team shares a MAC. An address is one value.
Interface part(const Interface& before, const Interface& after, bool changes) {
  Interface result{.place = after.place};
  const auto same = [&](const Setting& setting) {
    return equal_values(setting.key, setting.value, before.get(setting.key));
  };
  const bool address_changes = std::ranges::any_of(
      after.settings, [&](const Setting& s) { return is_of(s.key, "address") && !same(s); });
  for (const Setting& setting : after.settings) {
    const bool differs = is_of(setting.key, "address") ? address_changes : !same(setting);
    if (setting.key == "type" || setting.key == "teaming.type" || differs == changes)
      result.set(setting.key, setting.value, setting.place);
  }
  return result;
}

const std::vector<const Key*>& unique_keys() {
  static const std::vector<const Key*> found = [] {
    std::vector<const Key*> out;
    for (const Key& key : keys())
      if (key.means(meaning::unique)) out.push_back(&key);
    return out;
  }();
  return found;
}

/// What of an interface may clash with another's.
std::vector<Held> held_by(const Interface& interface) {
  std::vector<Held> out;
  for (const Setting& setting : interface.settings)
    if (const Key* key = find_key(setting.key); key != nullptr && is_its_own(interface, *key))
      out.push_back({key->name, normalised(key->name, setting.value), key->name});
  std::ranges::move(addresses_in(interface), std::back_inserter(out));
  return out;
}

}  // namespace

bool may_clash(const Interface& interface) {
  return !held_by(interface).empty();
}

Taken::Taken(const Document& document, const std::set<std::size_t>& except, const Plan* first)
    : document_(document) {
  const Domain& domain = document.domain;
  for (const std::string& alias : domain.aliases) values_.emplace("alias.name", alias);
  for (const std::string& order : domain.boot_orders) values_.emplace("boot.order", order);
  for (const std::string& number : domain.acpi_indexes) values_.emplace("acpi.index", number);
  for (std::size_t i = 0; i < domain.interfaces.size(); ++i)
    if (!except.contains(i)) add(domain.interfaces[i]);
  if (document.inactive_domain)
    for (const Element& other : document.inactive_domain->interfaces)
      add_elsewhere(mac_of(other), mac_of(other), std::string(other.at("target/@dev")));
  if (first == nullptr) return;
  for (const Settled& one : first->settled)
    std::erase_if(elsewhere_,
                  [&](const Elsewhere& e) { return !e.holder.empty() && e.holder == one.before; });
  for (const Settled& one : first->settled) add_elsewhere(one.before, one.mac, one.device);
}

void Taken::add_elsewhere(const std::string& holder, const std::string& mac, const std::string& device) {
  if (!mac.empty()) elsewhere_.push_back({holder, "mac", mac});
  if (!device.empty()) elsewhere_.push_back({holder, "target.dev", device});
}

// Only what may clash is read: the whole record of every interface would cost more than the document's scan.
void Taken::add(const Element& interface) {
  for (const Key* key : unique_keys())
    if (const std::string_view value = interface.at(key->path); !value.empty())
      values_.emplace(key->name, normalised(key->name, value));
  if (!interface.at("teaming/@type").empty()) teamed_macs_.insert(mac_of(interface));
  const Type* type = row_of(interface);
  if (type != nullptr && type->source_is == SourceIs::pci) values_.emplace("source", source_of(interface));
  for (Held& held : addresses_in(interface)) values_.emplace(held.kind, std::move(held.value));
}

bool Taken::holds(std::string_view key, const std::string& value) const {
  return values_.contains({key, value});
}

bool Taken::is_free(std::string_view key, const std::string& value, const std::string& same) const {
  if (holds(key, value)) return false;
  return value == same || std::ranges::none_of(elsewhere_, [&](const Elsewhere& other) {
           return other.key == key && other.value == value;
         });
}

void Taken::add(const Interface& interface) {
  for (Held& held : held_by(interface)) values_.emplace(held.kind, std::move(held.value));
  if (interface.find("teaming.type")) teamed_macs_.emplace(interface.get("mac"));
}

void Taken::remove(const Interface& interface) {
  for (Held& held : held_by(interface)) values_.extract({held.kind, std::move(held.value)});
  if (interface.find("teaming.type")) teamed_macs_.extract(std::string(interface.get("mac")));
}

/// Their addresses, and what of the host they pass through: the first time that one is asked for.
void Taken::add_other_devices() {
  if (std::exchange(knows_others_, true)) return;
  for (const Element& device : other_devices(document_)) {
    for (Held& held : addresses_in(device)) values_.emplace(held.kind, std::move(held.value));
    if (device.name == "hostdev" && device.at("@type") == "pci")
      values_.emplace("source", pci_address_in(device));
  }
}

std::vector<Message> Taken::change(const Interface& before, const Interface& after) {
  return take(part(before, after, true));
}

void Taken::release(const Interface& before, const Interface& after) {
  remove(before);
  add(part(before, after, false));
  const std::string_view mac = before.get("mac");
  std::erase_if(elsewhere_, [&](const Elsewhere& other) {
    return !mac.empty() && other.holder == mac && before.get(other.key) != after.get(other.key);
  });
}

std::vector<Message> Taken::take(const Interface& interface) {
  std::vector<Message> faults;
  auto refuse = [&](const Setting& setting, const std::string& text, const std::string& hint) {
    faults.push_back(
        {.place = setting.place.file.empty() ? interface.place : setting.place, .text = text, .hint = hint});
  };
  const bool teamed =
      interface.find("teaming.type") != nullptr && teamed_macs_.contains(std::string(interface.get("mac")));
  for (const Held& held : held_by(interface)) {
    const bool is_address = held.kind != held.by;
    if (is_address || held.by == "source") add_other_devices();
    if ((held.by == "mac" && teamed) || !values_.contains({held.kind, held.value})) continue;
    const Setting& setting = *interface.find(held.by);
    refuse(setting,
           is_address
               ? std::string(held.kind) + ' ' + held.value + " is another device's"
               : what_is_shared(*find_key(held.by)) + " '" + setting.value + "' is already in the domain",
           held.by == "source" ? "choose another one" : "choose another one, or leave it to libvirt");
  }
  if (const Setting* order = interface.find("boot.order"); order != nullptr && document_.domain.os_boot)
    refuse(*order, "boot.order cannot be used with <os><boot>, which the domain has",
           "use one of the two; libvirt refuses both together");
  add(interface);
  return faults;
}

}  // namespace virt_iface
