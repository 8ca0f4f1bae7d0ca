// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "graph/graph.hpp"

namespace virt_iface {
namespace {

/// A fact as a picture has it; empty for what only JSON has.
std::string fact_line(const std::string& name, const std::string& value) {
  if (name == "uuid" || name == "file") return {};
  if (name == "interfaces") return "no interface";
  if (name == "vlan") return "VLAN " + value;
  if (name == "speed") return value + " Mbit/s";
  if (name == "forward") return value == "isolated" ? value : "forward " + value;
  return value;
}

/// Digits by their number, all else by its bytes.
bool is_before(std::string_view a, std::string_view b) {
  constexpr auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  constexpr auto digits = [](std::string_view text) {
    return std::min(text.find_first_not_of("0123456789"), text.size());
  };
  while (!a.empty() && !b.empty()) {
    const bool numbers = is_digit(a.front()) && is_digit(b.front());
    const std::size_t x = numbers ? digits(a) : 1;
    const std::size_t y = numbers ? digits(b) : 1;
    if (x != y) return x < y;
    if (const int order = a.substr(0, x).compare(b.substr(0, y)); order != 0) return order < 0;
    a.remove_prefix(x);
    b.remove_prefix(y);
  }
  return a.size() < b.size();
}

}  // namespace

std::vector<std::string> lines_of(const GraphNode& node) {
  const std::string realm = node.realm.empty() ? "" : node.realm + ' ';
  const std::string title = is_guest(node)       ? realm + node.name
                            : is_interface(node) ? "interface " + node.name
                                                 : realm + node.kind + ' ' + node.name;
  std::vector<std::string> lines{printable(title)};
  for (const auto& [name, value] : node.facts)
    if (std::string line = fact_line(name, value);
        !line.empty() && std::ranges::find(node.faults, line) == node.faults.end())
      lines.push_back(printable(line));
  return lines;
}

std::vector<GraphGroup> groups_of(const Graph& graph) {
  constexpr auto before = [](const std::string& a, const std::string& b) { return is_before(a, b); };
  std::map<std::string, std::vector<std::size_t>, decltype(before)> members;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i)
    if (is_interface(graph.nodes[i])) members[graph.nodes[i].group].push_back(i);
  std::vector<GraphGroup> groups;
  groups.reserve(members.size());
  for (auto& [name, indexes] : members) groups.push_back({name, std::move(indexes)});
  return groups;
}

std::string format_graph(const Graph& graph, const GraphFormat& how) {
  if (how.name == "dot") return graph_dot(graph, how);
  if (how.name == "mermaid") return graph_mermaid(graph, how);
  if (how.name == "json") return graph_json(graph);
  return graph_tree(graph, how);
}

}  // namespace virt_iface
