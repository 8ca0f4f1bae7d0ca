// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/node.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

namespace virt_iface {
namespace {

std::size_t mix(std::size_t seed, std::size_t value) {
  return seed ^ (value + 0x9e3779b97f4a7c15ULL + (seed << 6U) + (seed >> 2U));
}

std::size_t hash_of(std::string_view text) {
  return std::hash<std::string_view>{}(text);
}

std::string_view local(std::string_view name) {
  return name.substr(name.find(':') + 1);
}

using Meaning = std::tuple<std::string_view, std::string_view, std::string_view>;

Meaning meaning_of(const NodeAttribute& attribute) {
  return {attribute.uri, local(attribute.name), attribute.value};
}

std::vector<Meaning> sorted_meanings(const Node& node) {
  std::vector<Meaning> all;
  all.reserve(node.attributes.size());
  for (const NodeAttribute& attribute : node.attributes) all.push_back(meaning_of(attribute));
  std::sort(all.begin(), all.end());
  return all;
}

bool same_attributes(const Node& a, const Node& b) {
  if (a.attributes.size() != b.attributes.size()) return false;
  bool const in_order = std::equal(
      a.attributes.begin(), a.attributes.end(), b.attributes.begin(),
      [](const NodeAttribute& x, const NodeAttribute& y) { return meaning_of(x) == meaning_of(y); });
  return in_order || sorted_meanings(a) == sorted_meanings(b);
}

}  // namespace

bool Node::mixed() const {
  return std::any_of(children.begin(), children.end(), [](const Node& n) { return n.kind == Kind::text; });
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == text.npos;
}

bool same_name(const Node& a, const Node& b) {
  return a.kind == b.kind && a.uri == b.uri && a.name == b.name;
}

bool equal(const Node& a, const Node& b) {
  return a.hash == b.hash && same_name(a, b) && a.value == b.value && same_attributes(a, b) &&
         std::equal(a.children.begin(), a.children.end(), b.children.begin(), b.children.end(), equal);
}

void seal(Node& node) {
  std::size_t attributes = 0;  // a sum: their order does not count
  for (const NodeAttribute& attribute : node.attributes)
    attributes += mix(mix(hash_of(attribute.uri), hash_of(local(attribute.name))), hash_of(attribute.value));
  std::size_t hash = mix(static_cast<std::size_t>(node.kind), hash_of(node.name));
  hash = mix(mix(mix(hash, hash_of(node.uri)), hash_of(node.value)), attributes);
  for (const Node& child : node.children) hash = mix(hash, child.hash);
  node.hash = hash;
}

}  // namespace virt_iface
