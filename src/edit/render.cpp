// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/render.hpp"

#include <algorithm>
#include <cstdlib>

#include "stylesheets.hpp"
#include "table/meaning.hpp"
#include "table/port_forward.hpp"
#include "table/values.hpp"

namespace virt_iface {
namespace {

Element& child_of(Element& parent, std::string_view name) {
  auto found = std::ranges::find(parent.children, name, &Element::name);
  if (found != parent.children.end()) return *found;
  return parent.children.emplace_back(Element{.name = std::string(name)});
}

/// Puts a value where its path says. `[]` makes an element for each value of a list, `[@name]` one with the
/// user's part of the key.
void place(Element& root, std::string_view path, const Setting& setting, const Key& key) {
  Element* parent = &root;
  for (std::size_t slash = path.find('/'); slash != path.npos; slash = path.find('/')) {
    const std::string_view step = path.substr(0, slash);
    path.remove_prefix(slash + 1);
    if (step.ends_with("[]")) {
      for (const std::string_view value : split_list(setting.value))
        parent->children.push_back({.name = std::string(step.substr(0, step.size() - 2)),
                                    .attributes = {{std::string(path.substr(1)), std::string(value)}}});
      return;
    }
    if (const std::size_t bracket = step.find('['); bracket != step.npos) {
      const Attribute name{"name", setting.key.substr(key.name.size())};
      for (const std::string_view value : split_list(setting.value))
        parent->children.push_back({.name = std::string(step.substr(0, bracket)),
                                    .attributes = {name, {std::string(path.substr(1)), std::string(value)}}});
      return;
    }
    parent = &child_of(*parent, step);
  }
  if (path.starts_with('@'))
    parent->attributes.push_back({std::string(path.substr(1)), setting.value});
  else
    child_of(*parent, path).text = setting.value;
}

void place_port_forwards(Element& root, std::string_view text) {
  for (const PortForward& rule : parse_port_forwards(text).rules) {
    Element& made =
        root.children.emplace_back(Element{.name = "portForward", .attributes = {{"proto", rule.proto}}});
    if (!rule.address.empty()) made.attributes.push_back({"address", rule.address});
    if (!rule.dev.empty()) made.attributes.push_back({"dev", rule.dev});
    for (const PortForward::Range& range : rule.ranges) {
      Element one{.name = "range", .attributes = {{"start", std::to_string(range.start)}}};
      if (range.end != range.start) one.attributes.push_back({"end", std::to_string(range.end)});
      if (range.to != 0) one.attributes.push_back({"to", std::to_string(range.to)});
      if (range.exclude) one.attributes.push_back({"exclude", "yes"});
      made.children.push_back(std::move(one));
    }
  }
}

/// Where the stylesheet finds what `source` states.
std::string source_attribute(const Type& type) {
  if (type.source_is == SourceIs::pci) return "pci";
  return std::string(type.source_is == SourceIs::endpoint ? "endpoint" : type.source);
}

/// libvirt writes the bus of a USB address in decimal.
std::string as_libvirt_writes(const Setting& setting, const Interface& on) {
  if (setting.key != "address.bus" || on.get("address.type") != "usb") return setting.value;
  return std::to_string(std::strtoul(setting.value.c_str(), nullptr, 0));
}

/// The stylesheet's source: every value at its key's path.
Element source_tree(const Interface& interface) {
  const Type* type = find_type(interface.get("type"));
  Element root{.name = "interface"};
  if (interface.get("type") == "vhostuser" && !is_passt(interface))
    place(root, "source/@type", {{}, "unix"}, *find_key("source"));
  for (const Setting& setting : interface.settings) {
    const Key* key = find_key(setting.key);
    if (key == nullptr || key->path.empty()) continue;
    if (key->kind == Kind::port_forward) {
      place_port_forwards(root, setting.value);
      continue;
    }
    std::string path(key->path);
    if (key->name == "source") path += source_attribute(*type);
    if (key->kind == Kind::native_vlan) path = "vlan/@native";
    if (key->name == "type")
      place(root, path, {setting.key, std::string(type->libvirt)}, *key);
    else
      place(root, path, {setting.key, as_libvirt_writes(setting, interface)}, *key);
  }
  // What marks the type in libvirt's element need not be said in ours.
  if (type != nullptr && !type->port.empty() && interface.find("virtualport.type") == nullptr)
    place(root, "virtualport/@type", {{}, std::string(type->port)}, *find_key("virtualport.type"));
  return root;
}

void sort_children(Element& element, const std::string& path) {
  const auto rank = [&](const Element& child) { return interface_child_rank(path + child.name); };
  std::ranges::stable_sort(element.children, {}, rank);
  for (Element& child : element.children) sort_children(child, path + child.name + '/');
}

}  // namespace

const Element& Renderer::render(const Interface& interface) {
  std::string key;
  for (const Setting& setting : interface.settings)
    key.append(setting.key).append("=").append(setting.value) += '\n';
  auto const found = made_.find(key);
  return found != made_.end() ? found->second : made_.emplace(std::move(key), make(interface)).first->second;
}

Element Renderer::make(const Interface& interface) {
  if (!sheet_) sheet_.emplace(stylesheets::interface, "interface.xsl");
  Element made = sheet_->apply(source_tree(interface));
  sort_children(made, {});
  return made;
}

}  // namespace virt_iface
