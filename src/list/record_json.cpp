// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/record_json.hpp"

#include <nlohmann/json.hpp>

#include "spec/interface_json.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

void add_if(Json& object, const char* name, const std::string& value) {
  if (!value.empty()) object[name] = value;
}

/// What only a listing knows; who reads the object as a configuration ignores it.
void add_place(Json& object, const Record& record) {
  add_if(object, "file", record.file);
  add_if(object, "uri", record.uri);
  add_if(object, "domain", record.domain);
  add_if(object, "uuid", record.uuid);
  if (record.position != 0) object["position"] = record.position;
}

Json json_of(const Record& record) {
  Json object;
  add_place(object, record);
  object.update(flat_json(record.keys, record.kept, record.libvirt_type));
  object["ips"] = Json::array();
  for (const auto& ip : record.ips) object["ips"].push_back({{"address", ip.address}, {"source", ip.source}});
  return object;
}

}  // namespace

std::string records_json(const std::vector<Record>& records) {
  Json array = Json::array();
  for (const Record& record : records) array.push_back(json_of(record));
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace virt_iface
