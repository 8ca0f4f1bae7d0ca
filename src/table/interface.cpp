// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/interface.hpp"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "table/device_pattern.hpp"
#include "table/meaning.hpp"

namespace virt_iface {

namespace {

/// Where a key stands in the table; keys of a family stand together, by name.
std::pair<std::ptrdiff_t, std::string_view> rank(std::string_view key) {
  const Key* row = find_key(key);
  if (row == nullptr) return {std::ssize(keys()), key};
  return {row - keys().data(), row->is_family() ? key : std::string_view{}};
}

}  // namespace

std::string_view Interface::get(std::string_view key) const {
  const Setting* setting = find(key);
  return setting == nullptr ? std::string_view{} : std::string_view(setting->value);
}

const Setting* Interface::find(std::string_view key) const {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? nullptr : &*found;
}

void Interface::set(std::string_view key, std::string value, Place where) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  if (found != settings.end()) {
    found->value = std::move(value);
    found->place = std::move(where);
    return;
  }
  const auto by_rank = [](const Setting& setting) { return rank(setting.key); };
  const auto after = std::ranges::upper_bound(settings, rank(key), {}, by_rank);
  settings.insert(after, {std::string(key), std::move(value), std::move(where)});
}

bool Interface::erase(std::string_view key) {
  return std::erase_if(settings, [=](const Setting& setting) { return setting.key == key; }) != 0;
}

bool same_settings(const Interface& a, const Interface& b) {
  return std::ranges::equal(a.settings, b.settings, [](const Setting& one, const Setting& other) {
    return one.key == other.key && one.value == other.value;
  });
}

namespace {

/// Whether each domain and interface gets a value of its own.
bool is_made_later(const Key& key, std::string_view value) {
  return key.kind == Kind::mac ? value == "stable" : key.kind == Kind::target && is_device_pattern(value);
}

}  // namespace

bool is_s390(std::string_view arch) {
  return arch == "s390x" || arch == "s390";
}

bool has_virtio_by_default(const DomainTraits& domain) {
  constexpr std::string_view types[] = {"qemu", "kvm", "hvf", "bhyve"};
  return std::ranges::find(types, domain.type) != std::end(types);
}

void add_type_defaults(Interface& interface) {
  const auto add = [&](const char* type, const char* key, const char* value) {
    if (interface.get("type") == type && interface.find(key) == nullptr)
      interface.set(key, value, interface.place);
  };
  add("hostdev", "managed", "yes");
  if (!is_passt(interface)) add("vhostuser", "source.mode", "client");
}

Interface with_defaults(const Interface& interface, const DomainTraits& domain) {
  Interface out = interface;
  add_type_defaults(out);
  if (out.get("model") == "libvirt")
    out.erase("model");
  else if (out.find("model") == nullptr && out.get("type") != "hostdev" && has_virtio_by_default(domain))
    out.set("model", "virtio", out.place);
  return out;
}

bool is_its_own(const Interface& interface, const Key& key) {
  if (key.name != "source") return key.means(meaning::unique);
  const Type* type = find_type(interface.get("type"));
  return type != nullptr && type->source_is == SourceIs::pci;
}

std::vector<Message> check_distinct(const std::vector<Interface>& interfaces) {
  std::vector<Message> out;
  std::map<std::pair<std::string_view, std::string_view>, const Interface*> seen;
  for (const Interface& interface : interfaces) {
    for (const Setting& setting : interface.settings) {
      const Key* key = find_key(setting.key);
      if (interface.listed || key == nullptr || !is_its_own(interface, *key) ||
          is_made_later(*key, setting.value))
        continue;
      const auto [first, added] = seen.try_emplace({setting.key, setting.value}, &interface);
      if (added) continue;
      const Interface* other = first->second;
      const bool pair = key->name == "mac" && other != nullptr && is_pair(interface, *other);
      if (pair) first->second = nullptr;  // a third one is one too many
      if (pair) continue;
      out.push_back({Severity::error, setting.place,
                     setting.key + " '" + setting.value + "' is given to two interfaces",
                     "give each its own"});
    }
  }
  return out;
}

}  // namespace virt_iface
