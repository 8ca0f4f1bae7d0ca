// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/json_schema.hpp"

#include <nlohmann/json.hpp>

#include "table/keys.hpp"
#include "table/types.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

Json text(std::string_view description) {
  return {{"type", "string"}, {"description", description}};
}

Json list_of(Json items) {
  return {{"type", "array"}, {"items", std::move(items)}};
}

Json reference(std::string_view name) {
  return {{"$ref", std::string("#/$defs/").append(name)}};
}

/// An object with these members and no others.
Json object(Json properties, Json required) {
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

/// A number; what a document has in its place is text.
Json number() {
  return {
      {"anyOf",
       {{{"type", "integer"}, {"minimum", 0}}, {{"type", "string"}, {"not", {{"pattern", "^[0-9]+$"}}}}}}};
}

std::string_view allowed(const Key& key) {
  return key.kind == Kind::type ? made_types() : key.kind == Kind::word ? key.allowed : std::string_view{};
}

Json value_of(const Key& key) {
  Json value = key.kind == Kind::number || key.kind == Kind::power_of_two ? number()
               : key.kind == Kind::numbers                                ? list_of(number())
                                                                          : Json{{"type", "string"}};
  if (key.kind == Kind::filter_parameter) value = {{"anyOf", {value, list_of(value)}}};
  value["description"] = key.help;
  if (!allowed(key).empty()) value["examples"] = words(allowed(key));
  return value;
}

Json interface_properties() {
  Json out = Json::object();
  for (const Key& key : keys()) {
    if (key.is_family()) continue;
    out[std::string(key.name)] = value_of(key);
    if (!key.alias.empty()) out[std::string(key.alias)] = text(std::string("as ").append(key.name));
  }
  for (const Key* key : seen_keys()) out[std::string(key->name)] = text(key->help);
  out["name"]["type"] = {"string", "array"};  // of a template: each name makes an interface
  out["file"] = text("the document");
  out["uri"] = text("the libvirt that has the guest");
  out["domain"] = text("the guest's name");
  out["uuid"] = text("the guest's UUID");
  out["position"] = {{"type", "integer"}, {"minimum", 1}, {"description", "its place in the guest"}};
  out["libvirt_type"] = text("libvirt's word for the type");
  out["target"] = text("the device on the host, whoever named it");
  out["alias"] = text("libvirt's name for the device, whoever gave it");
  out["ips"] = list_of(
      object({{"address", text("an address")}, {"source", text("where it comes from: lease, agent or arp")}},
             {"address", "source"}));
  out["interface"] =
      object({{"type", text("macvtap or ovs")}, {"name", text("as source")}, {"mode", text("as mode")}},
             Json::array());
  out["network"] = text("as source, on a network");
  out["bridge"] = text("as source, on a bridge");
  return out;
}

Json family_patterns() {
  Json out = Json::object();
  for (const Key& key : keys()) {
    if (!key.is_family()) continue;
    std::string pattern = "^";
    for (const char c : key.name) pattern.append(c == '.' ? "\\" : "") += c;
    out[pattern + "[A-Za-z0-9_]+$"] = value_of(key);
  }
  return out;
}

Json of_interface(Json more, Json required) {
  Json out{{"$ref", "#/$defs/keys"}, {"required", std::move(required)}, {"unevaluatedProperties", false}};
  if (!more.empty()) out["properties"] = std::move(more);
  return out;
}

Json change() {
  return of_interface({{"change", {{"enum", {"added", "changed", "removed"}}}},
                       {"details", text("the keys with both values")}},
                      {"change", "type"});
}

Json report() {
  Json out = object({{"file", text("the document")},
                     {"uri", text("the libvirt that has the guest")},
                     {"name", text("the guest's name")},
                     {"status", {{"enum", {"converted", "unchanged", "failed"}}}},
                     {"changes", list_of(change())},
                     {"macs_added", list_of(text("a MAC address"))},
                     {"differences", list_of(text("what keeps ensure from changing it, with --check"))},
                     {"from_next_start", {{"type", "boolean"}}},
                     {"error", text("what is wrong")}},
                    {"name", "status", "changes", "macs_added"});
  out["anyOf"] = {{{"required", {"file"}}}, {{"required", {"uri"}}}};
  return out;
}

Json any_of(std::initializer_list<std::string_view> names) {
  Json out = Json::array();
  for (const std::string_view name : names) out.push_back(reference(name));
  return {{"anyOf", std::move(out)}};
}

Json template_object() {
  return {{"type", "object"},
          {"properties",
           {{"networks", list_of({{"anyOf", {{{"type", "string"}}, reference("interface")}}})},
            {"interfaces", list_of(reference("interface"))},
            {"retarget", {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}}}}},
          {"anyOf", {{{"required", {"networks"}}}, {{"required", {"interfaces"}}}}}};
}

}  // namespace

std::string json_schema() {
  Json schema{{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"title", "Interfaces as virt-iface prints and reads them"}};
  schema.update(any_of({"list", "interface", "template", "report"}));
  schema["$defs"] = {{"keys",
                      {{"type", "object"},
                       {"properties", interface_properties()},
                       {"patternProperties", family_patterns()}}},
                     {"interface", of_interface({}, Json::array())},
                     {"list", list_of(of_interface({}, {"type"}))},
                     {"template", template_object()},
                     {"report", report()}};
  return schema.dump(2) + '\n';
}

}  // namespace virt_iface
