// SPDX-License-Identifier: LGPL-2.1-or-later
#include "view/read.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "table/port_forward.hpp"
#include "view/types.hpp"

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
  /// libvirt (strtoul) reads over white space in front of one.
  static bool is_number(Kind kind) {
    return kind == Kind::number || kind == Kind::power_of_two || kind == Kind::integer ||
           kind == Kind::numbers;
  }

  void take(const Element& element, const std::string& path, const std::string& stated) {
    const Key* key = key_at(path, type_);
    if (key == nullptr || key->name == "type") return;
    const std::string value(is_number(key->kind) ? trim(stated) : stated);
    if (value.empty()) return;
    if (key->is_family()) return add(std::string(key->name).append(element.at("@name")), value);
    if (key->kind == Kind::numbers) return add(std::string(key->name), value);
    if (key->kind == Kind::native_vlan) return put(*key, value + ':' + std::string(trim(element.at("@id"))));
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

/// Whether a value is a part of what `source` says.
bool is_of_source(const Element& interface, const std::string& path) {
  const Type* row = row_of(interface);
  if (row == nullptr || source_of(interface).empty()) return false;
  const std::string_view name = row->source_is == SourceIs::endpoint ? "source/@port" : "source/@type";
  return path == "source/@" + std::string(row->source) || path == name ||
         (row->source_is == SourceIs::pci && path.starts_with("source/address/"));
}

/// Walks through an interface, and notes what no key stands for.
class KeptReader {
 public:
  explicit KeptReader(const Element& interface)
      : interface_(interface), type_(type_bit(type_of(interface))) {}

  std::vector<Setting> read() {
    walk(interface_, {});
    return std::move(out_);
  }

 private:
  void walk(const Element& element, const std::string& path) {
    for (const Attribute& attribute : element.attributes)
      if (path != "filterref/parameter/" || attribute.name != "name")
        add(path + '@' + attribute.name, attribute.value);
    if (element.attributes.empty() && element.children.empty() && !path.empty())
      add(path.substr(0, path.size() - 1), trim(element.text));
    for (const Element& child : element.children)
      if (!path.empty() || child.name != "portForward") walk(child, path + child.name + '/');
  }

  void add(const std::string& place, std::string_view value) {
    if (value.empty() || key_at(place, type_) != nullptr || seen_at(place, type_) != nullptr ||
        is_of_source(interface_, place))
      return;
    std::string dotted = place;
    std::erase(dotted, '@');
    std::ranges::replace(dotted, '/', '.');
    out_.push_back({dotted, std::string(value)});
  }

  const Element& interface_;
  Types type_;
  std::vector<Setting> out_{};
};

}  // namespace

std::vector<Setting> read_kept(const Element& element) {
  return KeptReader(element).read();
}

Interface read_listed(const Element& element) {
  Interface out = read_interface(element);
  const Types type = type_bit(out.get("type"));
  for (const Key* key : seen_keys())
    if (const std::string_view value = element.at(key->path); !value.empty() && (key->types & type) != 0)
      out.settings.push_back({std::string(key->name), std::string(value)});
  return out;
}

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
