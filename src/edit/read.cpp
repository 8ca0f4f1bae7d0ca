// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/read.hpp"

#include "base/text.hpp"
#include "edit/types.hpp"

namespace virt_iface {
namespace {

/// `average,peak,burst,floor=N` of the attributes; behind one that is not there the others are named.
std::string bandwidth_of(const Element& direction) {
  std::string value;
  bool named = false;
  for (const std::string part : {"average", "peak", "burst", "floor"}) {
    if (part == "floor" && direction.name != "inbound") continue;  // libvirt takes it there alone
    std::string_view const number = direction.at('@' + part);
    named = named || number.empty() || part == "floor";
    if (number.empty()) continue;
    if (!value.empty()) value += ',';
    value.append(named ? part + '=' : "").append(number);
  }
  return value;
}

void read_bandwidth(const Element& bandwidth, Interface& into) {
  for (const Element& direction : bandwidth.children)
    if (direction.name == "inbound" || direction.name == "outbound")
      into.set("bandwidth." + direction.name, bandwidth_of(direction));
}

void read_vlan(const Element& vlan, Interface& into) {
  std::string tags;
  for (const Element& tag : vlan.children) {
    if (tag.name != "tag") continue;
    tags.append(tags.empty() ? "" : ",").append(tag.at("@id"));
    if (!tag.at("@nativeMode").empty())
      into.set("vlan.native", std::string(tag.at("@nativeMode")) + ':' + std::string(tag.at("@id")));
  }
  if (!tags.empty()) into.set("vlan.tag", tags);
  // Several tags are a trunk without saying so; libvirt takes the word in any case.
  if (lower(vlan.at("@trunk")) == "yes" && tags.find(',') == tags.npos) into.set("vlan.trunk", "yes");
}

void read_filter(const Element& filter, Interface& into) {
  into.set("filterref.filter", std::string(filter.at("@filter")));
  for (const Element& parameter : filter.children) {
    if (parameter.name != "parameter") continue;
    // Several of one name are a list of values.
    std::string const key = "filterref.parameter." + std::string(parameter.at("@name"));
    std::string value(into.get(key));
    if (into.find(key)) value += ',';
    into.set(key, value.append(parameter.at("@value")));
  }
}

/// The rule for every other key: the dotted path of the element and its attribute.
void read_dotted(const Element& element, const std::string& path, Interface& into) {
  auto take = [&](const std::string& spelling, const std::string& value) {
    const Key* key = find_key(spelling);
    if (key && !into.find(key->name) && !value.empty()) into.set(key->name, value);
  };
  for (const Attribute& attribute : element.attributes) take(path + '.' + attribute.name, attribute.value);
  if (element.attributes.empty() && element.children.empty()) take(path, std::string(trim(element.text)));
  for (const Element& child : element.children) read_dotted(child, path + '.' + child.name, into);
}

}  // namespace

Interface read_interface(const Element& element) {
  Interface result;
  result.set("type", type_of(element));
  if (std::string const source = source_of(element); !source.empty()) result.set("source", source);
  if (result.get("type") == "macvtap")  // what libvirt makes of no mode
    result.set("mode", element.at("source/@mode").empty() ? "vepa" : std::string(element.at("source/@mode")));
  if (std::string const mac = mac_of(element); !mac.empty()) result.set("mac", mac);
  if (const std::string* trust = element.attribute("trustGuestRxFilters"))
    result.set("trustGuestRxFilters", *trust);
  for (const Element& child : element.children) {
    if (child.name == "mac") continue;
    if (child.name == "vlan")
      read_vlan(child, result);
    else if (child.name == "filterref")
      read_filter(child, result);
    else if (child.name == "bandwidth")
      read_bandwidth(child, result);
    else
      read_dotted(child, child.name, result);
  }
  return result;
}

}  // namespace virt_iface
