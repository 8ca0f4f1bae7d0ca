// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string>

#include "base/text.hpp"
#include "graph/graph.hpp"

namespace virt_iface {
namespace {

bool is_plain(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// An identifier that stays the same: other bytes than letters and digits as `_2d`. Words of Mermaid's own,
/// as `end`, never stand alone.
std::string identifier(std::string_view id) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out = "n_";
  for (const char c : id) {
    const auto byte = static_cast<unsigned char>(c);
    if (is_plain(c))
      out += c;
    else
      out.append("_").append(1, digits[byte / 16]).append(1, digits[byte % 16]);
  }
  return out;
}

/// Text in quotes; what Mermaid or HTML would read in it as a code point.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (std::string_view("\"#<>&\\`").find(c) == std::string_view::npos)
      out += c;
    else
      out += '#' + std::to_string(static_cast<unsigned char>(c)) + ';';
  }
  return out + '"';
}

/// Lines as the label of a node.
std::string label(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) {
    const std::string text = quoted(line);
    out.append(out.empty() ? "" : "<br/>").append(text, 1, text.size() - 2);
  }
  return '"' + out + '"';
}

std::string node_line(const GraphNode& node) {
  std::vector<std::string> lines = lines_of(node);
  for (const std::string& fault : node.faults) lines.push_back("! " + printable(fault));
  const bool round = is_interface(node);
  return identifier(node.id) + (round ? "(" : "[") + label(lines) + (round ? ")" : "]") +
         (node.faults.empty() ? "\n" : ":::fault\n");
}

std::string subgraphs(const Graph& graph) {
  std::string out;
  for (const GraphGroup& group : groups_of(graph)) {
    out += "  subgraph " + identifier("group " + group.name) + " [" + quoted(printable(group.name)) + "]\n";
    for (const std::size_t member : group.members) out += "    " + node_line(graph.nodes[member]);
    out += "  end\n";
  }
  return out;
}

}  // namespace

std::string graph_mermaid(const Graph& graph, const GraphFormat& how) {
  std::string out = "flowchart LR\n";
  if (how.grouped) out += subgraphs(graph);
  bool faults = false;
  for (const GraphNode& node : graph.nodes) {
    faults = faults || !node.faults.empty();
    if (!how.grouped || !is_interface(node)) out += "  " + node_line(node);
  }
  for (const GraphEdge& edge : graph.edges) {
    out += "  " + identifier(graph.nodes[edge.from].id) + " ---";
    if (!edge.label.empty()) out += '|' + quoted(printable(edge.label)) + '|';
    out += ' ' + identifier(graph.nodes[edge.to].id) + '\n';
  }
  if (graph.nodes.empty()) out += "  n_nothing[\"no interface\"]\n";
  if (!graph.unseen.empty()) {
    std::vector<std::string> lines{"not seen:"};
    for (const std::string& sentence : graph.unseen) lines.push_back(printable(sentence));
    out += "  n_not_seen[" + label(lines) + "]\n";
  }
  if (faults) out += "  classDef fault stroke:#c00000,color:#c00000\n";
  return out;
}

}  // namespace virt_iface
