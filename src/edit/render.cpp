// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/render.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "edit/types.hpp"
#include "stylesheets.hpp"
#include "xml/reconcile.hpp"

namespace virt_iface {
namespace {

/// The dotted path under which a key stands in the stylesheet's source.
std::string path_of(const Setting& setting) {
  if (setting.key == "source") return "source.name";
  if (setting.key == "mode") return "source.mode";
  const Key* key = find_key(setting.key);
  bool const longer = key && key->alias.find('.') != key->alias.npos;
  return longer ? std::string(key->alias) : setting.key;
}

Element& child_of(Element& parent, std::string_view name) {
  auto found = std::find_if(parent.children.begin(), parent.children.end(),
                            [&](const Element& c) { return c.name == name; });
  if (found != parent.children.end()) return *found;
  return parent.children.emplace_back(Element{.name = std::string(name)});
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t end = 0; end != text.npos; text.remove_prefix(end == text.npos ? 0 : end + 1)) {
    end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
  }
  return parts;
}

/// `average,peak,burst,floor=N` as children in libvirt's order; a part with a name stands where it likes.
std::vector<Element> bandwidth_parts(std::string_view value) {
  constexpr std::array<std::string_view, 4> order{"average", "peak", "floor", "burst"};
  constexpr std::array<std::size_t, 3> by_position{0, 1, 3};
  std::array<std::string, order.size()> parts;
  std::size_t next = 0;
  for (const std::string& item : split(value, ',')) {
    std::size_t const equals = item.find('=');
    if (equals == item.npos) {
      if (next < by_position.size()) parts[by_position[next++]] = item;
      continue;
    }
    auto const name = std::find(order.begin(), order.end(), std::string_view(item).substr(0, equals));
    if (name != order.end()) parts[static_cast<std::size_t>(name - order.begin())] = item.substr(equals + 1);
  }
  std::vector<Element> children;
  for (std::size_t i = 0; i < order.size(); ++i)
    if (!parts[i].empty()) children.push_back({.name = std::string(order[i]), .text = std::move(parts[i])});
  return children;
}

void add(Element& root, const Setting& setting) {
  std::string path = path_of(setting);
  constexpr std::string_view parameter = "filterref.parameter.";
  if (path.starts_with(parameter)) {
    Element made{
        .name = "parameter", .attributes = {{"name", path.substr(parameter.size())}}, .text = setting.value};
    child_of(root, "filterref").children.push_back(std::move(made));
    return;
  }
  std::vector<std::string> const parts = split(path, '.');
  Element* parent = &root;
  for (std::size_t i = 0; i + 1 < parts.size(); ++i) parent = &child_of(*parent, parts[i]);
  const Key* key = find_key(setting.key);
  if (key && key->kind == Kind::numbers) {
    for (std::string& value : split(setting.value, ','))
      parent->children.push_back({.name = parts.back(), .text = std::move(value)});
    return;
  }
  Element& leaf = child_of(*parent, parts.back());
  if (key && key->kind == Kind::bandwidth)
    leaf.children = bandwidth_parts(setting.value);
  else
    leaf.text = setting.value;
}

/// The stylesheet's source: a tree of the dotted keys.
Element source_tree(Interface interface) {
  // What marks the type in libvirt's element need not be said in ours.
  for (const TypeShape& shape : type_shapes())
    if (shape.word == interface.get("type") && !shape.virtualport.empty())
      interface.set("virtualport.type", std::string(shape.virtualport));
  Element root{.name = "interface"};
  for (const Setting& setting : interface.settings)
    if (setting.key != "mac.seed" && setting.key != "mac.prefix") add(root, setting);
  return root;
}

void collect_matches(const Element& element, const std::string& path, std::set<std::string>& matches) {
  matches.insert(path);
  for (const Element& child : element.children)
    collect_matches(child, path == "interface" ? child.name : path + '/' + child.name, matches);
}

Stylesheet sheet_of(const std::set<std::string>& matches) {
  std::vector<std::string_view> const names(matches.begin(), matches.end());
  return Stylesheet(only_templates(stylesheets::interface, names), "interface.xsl");
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
  constexpr std::size_t most_sheets = 64;
  Element const source = source_tree(interface);
  std::set<std::string> matches;
  collect_matches(source, "interface", matches);
  std::string key;
  for (const std::string& match : matches) key.append(match) += '\n';
  auto sheet = sheets_.find(key);
  if (sheet == sheets_.end()) {
    if (sheets_.size() == most_sheets) sheets_.clear();
    sheet = sheets_.emplace(std::move(key), sheet_of(matches)).first;
  }
  Element made = sheet->second.apply(source);
  std::stable_sort(made.children.begin(), made.children.end(), [](const Element& a, const Element& b) {
    return interface_child_rank(a.name) < interface_child_rank(b.name);
  });
  return made;
}

}  // namespace virt_iface
