// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/read.hpp"

#include "base/text.hpp"
#include "edit/types.hpp"
#include "spec/port_forward.hpp"

namespace virt_iface {
namespace {

/// Walks through an element, and sets the key that lies at each value's path.
class Reader {
 public:
  explicit Reader(Interface& into) : into_(into), type_(type_bit(into.get("type"))) {}

  void read(const Element& element, const std::string& path) {
    const std::string front = path.empty() ? "@" : path + "/@";
    for (const Attribute& attribute : element.attributes)
      take(element, front + attribute.name, attribute.value);
    if (element.attributes.empty() && element.children.empty() && !path.empty())
      take(element, path, std::string(trim(element.text)));
    for (const Element& child : element.children)
      read(child, path.empty() ? child.name : path + '/' + child.name);
  }

 private:
  void take(const Element& element, const std::string& path, const std::string& value) {
    const Key* key = key_at(path, type_);
    if (key == nullptr || value.empty() || key->name == "type") return;
    if (key->is_family()) return add(std::string(key->name).append(element.at("@name")), value);
    if (key->kind == Kind::numbers) return add(std::string(key->name), value);
    if (key->kind == Kind::native_vlan) return put(*key, value + ':' + std::string(element.at("@id")));
    put(*key, value);
  }

  void put(const Key& key, std::string value) {
    if (into_.find(key.name) == nullptr) into_.set(key.name, std::move(value));
  }

  /// Several of one name are a list of values.
  void add(const std::string& key, const std::string& value) {
    const Setting* known = into_.find(key);
    into_.set(key, known == nullptr ? value : known->value + ',' + value);
  }

  Interface& into_;
  Types type_;
};

/// The ports of the host that lead to the guest, as text; empty if there are none.
std::string port_forward_of(const Element& interface) {
  std::vector<PortForward> rules;
  const auto number = [](std::string_view text) {
    return static_cast<unsigned>(to_number(text).value_or(0));
  };
  for (const Element& child : interface.children) {
    if (child.name != "portForward") continue;
    PortForward& rule = rules.emplace_back();
    rule.address = child.at("@address");
    rule.dev = child.at("@dev");
    if (const std::string* proto = child.attribute("proto")) rule.proto = *proto;
    for (const Element& range : child.children) {
      const unsigned start = number(range.at("@start"));
      const unsigned end = number(range.at("@end"));
      rule.ranges.push_back(
          {start, end == 0 ? start : end, number(range.at("@to")), range.at("@exclude") == "yes"});
    }
  }
  return port_forward_text(rules);
}

}  // namespace

Interface read_interface(const Element& element) {
  Interface result;
  result.set("type", type_of(element));
  Reader(result).read(element, {});
  if (std::string source = source_of(element); !source.empty()) result.set("source", std::move(source));
  if (element.child("portForward") != nullptr) result.set("portForward", port_forward_of(element));
  if (const Setting* mac = result.find("mac")) result.set("mac", mac_of(element), mac->place);
  if (result.get("type") == "macvtap" && result.find("mode") == nullptr)
    result.set("mode", "vepa");  // what libvirt makes of no mode
  if (result.get("type") == "hostdev" && result.find("managed") == nullptr) result.set("managed", "no");
  if (const Setting* trunk = result.find("vlan.trunk")) {
    // Several tags, or a native one, are a trunk without saying so. libvirt reads yes in any case.
    const bool said = lower(trunk->value) == "yes" &&
                      result.get("vlan.tag").find(',') == std::string_view::npos &&
                      result.find("vlan.native") == nullptr;
    said ? result.set("vlan.trunk", "yes") : void(result.erase("vlan.trunk"));
  }
  return result;
}

}  // namespace virt_iface
