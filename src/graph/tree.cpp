// SPDX-License-Identifier: LGPL-2.1-or-later
#include <span>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "graph/graph.hpp"

namespace virt_iface {
namespace {

constexpr std::string_view fork = "├─ ";
constexpr std::string_view last_fork = "└─ ";
constexpr std::string_view trunk = "│  ";
constexpr std::string_view gap = "   ";

class Tree {
 public:
  Tree(const Graph& graph, const GraphFormat& how)
      : graph_(graph), how_(how), drawn_(graph.nodes.size()), guest_(graph.nodes.size()) {
    std::size_t edge = 0;
    for (std::size_t node = 0; node < graph.nodes.size(); ++node) {
      const std::size_t begin = edge;
      while (edge < graph.edges.size() && graph.edges[edge].from == node) ++edge;
      below_.push_back(std::span(graph.edges).subspan(begin, edge - begin));
      if (is_guest(graph.nodes[node]))
        for (const GraphEdge& interface : below_.back()) guest_[interface.to] = node;
    }
  }

  std::string draw() {
    how_.grouped ? draw_groups() : draw_guests();
    draw_sources();
    if (graph_.nodes.empty()) out_ += "no interface\n";
    if (!graph_.unseen.empty()) out_ += graph_.nodes.empty() ? "not seen:\n" : "\nnot seen:\n";
    for (const std::string& sentence : graph_.unseen)
      out_.append(&sentence == &graph_.unseen.back() ? last_fork : fork).append(printable(sentence)) += '\n';
    return std::move(out_);
  }

 private:
  void draw_guests() {
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      if (!is_guest(graph_.nodes[i])) continue;
      line("", join(lines_of(graph_.nodes[i]), ", "), graph_.nodes[i]);
      for (const GraphEdge& edge : below_[i]) draw_interface(edge.to, &edge == &below_[i].back(), "");
    }
  }

  void draw_groups() {
    for (const GraphGroup& group : groups_of(graph_)) {
      out_ += printable(group.name) + '\n';
      for (const std::size_t i : group.members)
        draw_interface(i, i == group.members.back(), lines_of(graph_.nodes[guest_[i]]).front() + ' ');
    }
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (is_guest(graph_.nodes[i]) && below_[i].empty())
        line("", join(lines_of(graph_.nodes[i]), ", "), graph_.nodes[i]);
  }

  void draw_interface(std::size_t index, bool last, const std::string& guest) {
    const GraphNode& node = graph_.nodes[index];
    std::vector<std::string> words = lines_of(node);
    words.front() = guest + printable(node.name);
    std::string text = join(words, " ");
    for (const GraphEdge& edge : below_[index]) {
      text += " → " + lines_of(graph_.nodes[edge.to]).front();
      if (!edge.label.empty()) text += " (" + printable(edge.label) + ')';
    }
    line(last ? last_fork : fork, text, node);
  }

  /// What the interfaces hang on, each once, where more is known of it than its name.
  void draw_sources() {
    std::vector<bool> is_source(graph_.nodes.size());
    for (const GraphEdge& edge : graph_.edges)
      if (is_interface(graph_.nodes[edge.from])) is_source[edge.to] = true;
    bool first = true;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i) {
      const GraphNode& node = graph_.nodes[i];
      const bool known = !node.facts.empty() || !node.faults.empty() || !below_[i].empty();
      if (!is_source[i] || drawn_[i] || !known) continue;
      if (std::exchange(first, false)) out_ += '\n';
      line("", join(lines_of(node), ", "), node);
      draw_below(i, "");
    }
  }

  void draw_below(std::size_t index, const std::string& margin) {
    if (drawn_[index]) return;
    drawn_[index] = true;
    for (const GraphEdge& edge : below_[index]) {
      const bool last = &edge == &below_[index].back();
      const GraphNode& node = graph_.nodes[edge.to];
      std::string text = join(lines_of(node), ", ");
      if (!edge.label.empty()) text += " (" + printable(edge.label) + ')';
      if (drawn_[edge.to] && !below_[edge.to].empty()) text += " …";
      line(margin + std::string(last ? last_fork : fork), text, node);
      draw_below(edge.to, margin + std::string(last ? gap : trunk));
    }
  }

  void line(std::string_view margin, const std::string& text, const GraphNode& node) {
    out_.append(margin).append(text);
    if (!node.faults.empty()) {
      std::vector<std::string> faults;
      faults.reserve(node.faults.size());
      for (const std::string& fault : node.faults) faults.push_back(printable(fault));
      const std::string all = "! " + join(faults, "; ");
      out_ += how_.colour ? "  \x1b[31m" + all + "\x1b[0m" : "  " + all;
    }
    out_ += '\n';
  }

  const Graph& graph_;
  const GraphFormat& how_;
  std::vector<std::span<const GraphEdge>> below_{};
  std::vector<bool> drawn_;
  std::vector<std::size_t> guest_;  ///< of an interface: its guest
  std::string out_{};
};

}  // namespace

std::string graph_tree(const Graph& graph, const GraphFormat& how) {
  return Tree(graph, how).draw();
}

}  // namespace virt_iface
