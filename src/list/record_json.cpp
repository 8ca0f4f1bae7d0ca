// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/record_json.hpp"

#include <nlohmann/json.hpp>

#include "base/commas.hpp"
#include "base/text.hpp"
#include "spec/values.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

Json number_or_text(const std::string& value) {
  const auto number = to_number(value);
  return number ? Json(*number) : Json(value);
}

Json value_of(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key == nullptr) return setting.value;
  if (key->kind == Kind::numbers) {
    Json list = Json::array();
    for (const std::string& item : split_at_commas(setting.value)) list.push_back(number_or_text(item));
    return list;
  }
  const bool is_number = key->kind == Kind::number || key->kind == Kind::power_of_two;
  return is_number ? number_or_text(setting.value) : Json(setting.value);
}

void add_if(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

/// What only a listing knows; who reads the object as a configuration ignores it.
void add_place(Json& object, const Record& record) {
  add_if(object, "file", record.file);
  add_if(object, "uri", record.uri);
  add_if(object, "domain", record.domain);
  add_if(object, "uuid", record.uuid);
  object["position"] = record.position;
  add_if(object, "libvirt_type", record.libvirt_type);
}

/// The fields of the 2016 proposal.
void add_fields_of_proposal(Json& object, const Record& record) {
  const std::string type(record.keys.get("type"));
  const std::string source(record.keys.get("source"));
  if (type == "network") object["network"] = source;
  if (record.libvirt_type == "bridge") object["bridge"] = source;
  if (type != "macvtap" && type != "ovs") return;
  object["interface"] = {{"type", type}, {"name", source}};
  if (record.keys.find("mode") != nullptr) object["interface"]["mode"] = record.keys.get("mode");
}

Json json_of(const Record& record) {
  Json object;
  add_place(object, record);
  for (const Setting& setting : record.keys.settings)
    if (setting.key != "target.dev" || !is_automatic_target(setting.value))
      object[setting.key] = value_of(setting);
  add_if(object, "target", std::string(record.keys.get("target.dev")));
  object["ips"] = Json::array();
  for (const auto& ip : record.ips) object["ips"].push_back({{"address", ip.address}, {"source", ip.source}});
  add_fields_of_proposal(object, record);
  return object;
}

}  // namespace

std::string records_json(const std::vector<Record>& records) {
  Json array = Json::array();
  for (const Record& record : records) array.push_back(json_of(record));
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace virt_iface
