// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/unique.hpp"

#include "edit/types.hpp"
#include "spec/values.hpp"

namespace virt_iface {
namespace {

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

Taken::Taken(const Domain& domain, const std::set<std::size_t>& except)
    : aliases_(domain.aliases.begin(), domain.aliases.end()),
      boot_orders_(domain.boot_orders.begin(), domain.boot_orders.end()),
      acpi_indexes_(domain.acpi_indexes.begin(), domain.acpi_indexes.end()),
      os_boot_(domain.os_boot) {
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
  put(interface.at("alias/@name"), aliases_);
  put(interface.at("target/@dev"), targets_);
  put(interface.at("boot/@order"), boot_orders_);
  put(interface.at("acpi/@index"), acpi_indexes_);
}

void Taken::add(const Interface& interface) {
  auto put = [&](std::string_view key, Values& into) {
    if (std::string value(interface.get(key)); !value.empty()) into.insert(std::move(value));
  };
  put("mac", macs_);
  if (!interface.get("teaming.type").empty()) put("mac", teamed_macs_);
  put("alias.name", aliases_);
  put("target.dev", targets_);
  put("boot.order", boot_orders_);
  put("acpi.index", acpi_indexes_);
}

void Taken::remove(const Interface& interface) {
  auto take_out = [&](std::string_view key, Values& from) { from.extract(std::string(interface.get(key))); };
  take_out("mac", macs_);
  if (!interface.get("teaming.type").empty()) take_out("mac", teamed_macs_);
  take_out("alias.name", aliases_);
  take_out("target.dev", targets_);
  take_out("boot.order", boot_orders_);
  take_out("acpi.index", acpi_indexes_);
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
  check("alias.name", aliases_, "alias");
  check("target.dev", targets_, "target");
  check("boot.order", boot_orders_, "boot order");
  check("acpi.index", acpi_indexes_, "ACPI index");
  if (os_boot_ && !interface.get("boot.order").empty())
    refuse("boot.order", "boot.order cannot stand beside <os><boot>, which the domain has",
           "use one of the two; libvirt refuses both together");
  add(interface);
  return faults;
}

}  // namespace virt_iface
