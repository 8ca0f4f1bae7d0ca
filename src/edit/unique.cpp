// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/unique.hpp"

#include <array>
#include <string_view>

#include "edit/types.hpp"
#include "spec/values.hpp"

namespace virt_iface {
namespace {

/// What no two share, besides the MAC.
enum : std::size_t { alias, target, boot_order, acpi_index };
struct Unshared {
  std::string_view key;
  std::string_view path;  // in an <interface>
  std::string_view what;
};
constexpr std::array<Unshared, 5> unshared{{
    {"alias.name", "alias/@name", "alias"},
    {"target.dev", "target/@dev", "target"},
    {"boot.order", "boot/@order", "boot order"},
    {"acpi.index", "acpi/@index", "ACPI index"},
    {"virtualport.parameters.interfaceid", "virtualport/parameters/@interfaceid", "interfaceid"},
}};

/// What of an interface changes, or what does not. Teaming goes with both: it permits a MAC twice.
Interface part(const Interface& before, const Interface& after, bool changes) {
  Interface result{.place = after.place};
  for (const Setting& setting : after.settings)
    if (setting.key == "teaming.type" ||
        equal_values(setting.key, setting.value, before.get(setting.key)) != changes)
      result.set(setting.key, setting.value, setting.place);
  return result;
}

}  // namespace

Taken::Taken(const Domain& domain, const std::set<std::size_t>& except) : os_boot_(domain.os_boot) {
  values_[alias].insert(domain.aliases.begin(), domain.aliases.end());
  values_[boot_order].insert(domain.boot_orders.begin(), domain.boot_orders.end());
  values_[acpi_index].insert(domain.acpi_indexes.begin(), domain.acpi_indexes.end());
  for (std::size_t i = 0; i < domain.interfaces.size(); ++i)
    if (!except.contains(i)) add(domain.interfaces[i]);
}

// Only what may clash is read: the whole record of every interface would cost more than the document's scan.
void Taken::add(const Element& interface) {
  auto put = [](std::string_view value, Values& into) {
    if (!value.empty()) into.emplace(value);
  };
  std::string const mac = mac_of(interface);
  put(mac, macs_);
  if (!interface.at("teaming/@type").empty()) put(mac, teamed_macs_);
  for (std::size_t i = 0; i < unshared.size(); ++i)
    if (std::string_view const value = interface.at(unshared[i].path); !value.empty())
      values_[i].insert(normalised(unshared[i].key, value));
}

void Taken::add(const Interface& interface) {
  auto put = [&](std::string_view key, Values& into) {
    if (std::string value(interface.get(key)); !value.empty()) into.insert(std::move(value));
  };
  put("mac", macs_);
  if (!interface.get("teaming.type").empty()) put("mac", teamed_macs_);
  for (std::size_t i = 0; i < unshared.size(); ++i) put(unshared[i].key, values_[i]);
}

void Taken::remove(const Interface& interface) {
  auto take_out = [&](std::string_view key, Values& from) { from.extract(std::string(interface.get(key))); };
  take_out("mac", macs_);
  if (!interface.get("teaming.type").empty()) take_out("mac", teamed_macs_);
  for (std::size_t i = 0; i < unshared.size(); ++i) take_out(unshared[i].key, values_[i]);
}

std::vector<Message> Taken::change(const Interface& before, const Interface& after) {
  return take(part(before, after, true));
}

void Taken::release(const Interface& before, const Interface& after) {
  remove(before);
  add(part(before, after, false));
}

std::vector<Message> Taken::take(const Interface& interface) {
  std::vector<Message> faults;
  auto refuse = [&](std::string_view key, const std::string& text, const std::string& cure) {
    const Setting* setting = interface.find(key);
    faults.push_back({.place = setting->place.file.empty() ? interface.place : setting->place,
                      .text = text,
                      .cure = cure});
  };
  auto check = [&](std::string_view key, const Values& taken, const std::string& what) {
    std::string const value(interface.get(key));
    if (!value.empty() && taken.contains(value))
      refuse(key, what + " '" + value + "' is already in the domain",
             "choose another one, or leave it to libvirt");
  };
  std::string const mac(interface.get("mac"));
  bool const teamed = !interface.get("teaming.type").empty() && teamed_macs_.contains(mac);
  if (!teamed) check("mac", macs_, "MAC");
  for (std::size_t i = 0; i < unshared.size(); ++i)
    check(unshared[i].key, values_[i], std::string(unshared[i].what));
  if (os_boot_ && !interface.get("boot.order").empty())
    refuse("boot.order", "boot.order cannot stand beside <os><boot>, which the domain has",
           "use one of the two; libvirt refuses both together");
  add(interface);
  return faults;
}

}  // namespace virt_iface
