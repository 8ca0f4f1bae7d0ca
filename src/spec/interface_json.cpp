// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/interface_json.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "table/values.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_text(std::string_view value) {
  const auto number = to_number(value);
  return number ? Json(*number) : Json(value);
}

void add_if(Json& object, const char* name, std::string_view value) {
  if (!value.empty()) object[name] = value;
}

std::string_view value_in(const std::vector<Setting>& settings, std::string_view key) {
  const auto found = std::ranges::find(settings, key, &Setting::key);
  return found == settings.end() ? std::string_view() : std::string_view(found->value);
}

/// The fields of the 2016 proposal. Beside the network of a running guest libvirt says what it is on.
void add_fields_of_proposal(Json& object, const Interface& interface, const std::vector<Setting>& kept,
                            std::string_view libvirt_type) {
  std::string_view type = interface.get("type");
  const std::string_view source = interface.get("source");
  const bool network = type == "network";
  if (network) add_if(object, "network", source);
  if (network || libvirt_type == "bridge")
    add_if(object, "bridge", network ? value_in(kept, "source.bridge") : source);
  if (network && libvirt_type == "direct") type = "macvtap";
  if (type != "macvtap" && type != "ovs") return;
  object["interface"] = {{"type", type}, {"name", network ? value_in(kept, "source.dev") : source}};
  if (const std::string_view mode = network ? value_in(kept, "source.mode") : interface.get("mode");
      !mode.empty())
    object["interface"]["mode"] = mode;
}

/// libvirt drops such a name where a domain is defined with it, so nobody asks for it.
bool is_named_by_libvirt(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key == nullptr || (key->kind != Kind::target && key->kind != Kind::alias)) return false;
  return key->kind == Kind::target ? is_automatic_target(setting.value) : !setting.value.starts_with("ua-");
}

}  // namespace

Json setting_json(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key == nullptr) return setting.value;
  if (key->kind == Kind::number || key->kind == Kind::power_of_two) return number_or_text(setting.value);
  const bool values = key->kind == Kind::filter_parameter && setting.value.find(',') != std::string::npos;
  if (key->kind != Kind::numbers && !values) return setting.value;
  Json list = Json::array();
  for (const std::string_view item : split_list(setting.value))
    list.push_back(values ? Json(item) : number_or_text(item));
  return list;
}

Json flat_json(const Interface& interface, const std::vector<Setting>& kept, std::string_view libvirt_type) {
  Json object = Json::object();
  add_if(object, "libvirt_type", libvirt_type);
  for (const Setting& setting : interface.settings)
    if (!is_named_by_libvirt(setting)) object[setting.key] = setting_json(setting);
  add_if(object, "target", interface.get("target.dev"));
  add_if(object, "alias", interface.get("alias.name"));
  add_fields_of_proposal(object, interface, kept, libvirt_type);
  return object;
}

}  // namespace virt_iface
