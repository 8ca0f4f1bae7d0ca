// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.hpp"
#include "graph/graph.hpp"

namespace virt_iface {
namespace {

/// A quoted string of the DOT language.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Lines as the label of a node, each ended by `end`: `\n` is centred, `\l` stands at the left.
std::string label(const std::vector<std::string>& lines, std::string_view end) {
  std::string out;
  for (const std::string& line : lines) {
    const std::string text = quoted(line);
    out.append(out.empty() || end == "\\l" ? "" : end).append(text, 1, text.size() - 2);
    if (end == "\\l") out += end;
  }
  return '"' + out + '"';
}

std::string node_line(const GraphNode& node) {
  std::vector<std::string> lines = lines_of(node);
  for (const std::string& fault : node.faults) lines.push_back("! " + printable(fault));
  std::string out = quoted(printable(node.id)) + " [label=" + label(lines, "\\n");
  if (is_guest(node)) out += ", style=\"filled,bold\", fillcolor=\"#dde8f5\"";
  if (is_interface(node)) out += ", style=\"filled,rounded\"";
  if (!node.faults.empty()) out += ", color=\"#c00000\", fontcolor=\"#c00000\"";
  return out + "];\n";
}

std::string clusters(const Graph& graph) {
  std::string out;
  std::size_t number = 0;
  for (const GraphGroup& group : groups_of(graph)) {
    out += "  subgraph \"cluster_" + std::to_string(++number) + "\" {\n";
    out += "    label=" + quoted(printable(group.name)) + ";\n";
    for (const std::size_t member : group.members) out += "    " + node_line(graph.nodes[member]);
    out += "  }\n";
  }
  return out;
}

}  // namespace

std::string graph_dot(const Graph& graph, const GraphFormat& how) {
  std::string out =
      "digraph estate {\n"
      "  rankdir=LR;\n"
      "  node [shape=box, style=filled, fillcolor=white, fontname=\"sans-serif\", fontsize=10];\n"
      "  edge [arrowhead=none, fontname=\"sans-serif\", fontsize=9];\n";
  if (how.grouped) out += clusters(graph);
  for (const GraphNode& node : graph.nodes)
    if (!how.grouped || !is_interface(node)) out += "  " + node_line(node);
  for (const GraphEdge& edge : graph.edges) {
    out += "  " + quoted(printable(graph.nodes[edge.from].id)) + " -> " +
           quoted(printable(graph.nodes[edge.to].id));
    out += edge.label.empty() ? ";\n" : " [label=" + quoted(printable(edge.label)) + "];\n";
  }
  if (graph.nodes.empty()) out += "  \"nothing\" [label=\"no interface\", shape=plaintext];\n";
  if (!graph.unseen.empty()) {
    std::vector<std::string> lines{"not seen:"};
    for (const std::string& sentence : graph.unseen) lines.push_back(printable(sentence));
    out += "  \"not seen\" [shape=note, label=" + label(lines, "\\l") + "];\n";
  }
  return out + "}\n";
}

}  // namespace virt_iface
