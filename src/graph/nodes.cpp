// SPDX-License-Identifier: LGPL-2.1-or-later
#include "graph/nodes.hpp"

#include <algorithm>
#include <numeric>

namespace virt_iface {

std::pair<std::size_t, bool> GraphNodes::add(GraphNode node) {
  const auto [found, added] = by_id_.try_emplace(node.id, nodes_.size());
  if (added) nodes_.push_back(std::move(node));
  return {found->second, added};
}

void GraphNodes::join(std::size_t from, std::size_t to, std::string label) {
  if (joined_.insert({from, to}).second) edges_.push_back({from, to, std::move(label)});
}

void GraphNodes::blame(std::size_t node, const std::string& fault) {
  std::vector<std::string>& faults = nodes_.at(node).faults;
  if (std::ranges::find(faults, fault) == faults.end()) faults.push_back(fault);
}

Graph GraphNodes::take() {
  const auto is_above = [&](std::size_t i) { return is_guest(nodes_[i]) || is_interface(nodes_[i]); };
  std::vector<std::size_t> order(nodes_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto below = std::stable_partition(order.begin(), order.end(), is_above);
  std::sort(below, order.end(), [&](std::size_t a, std::size_t b) { return nodes_[a].id < nodes_[b].id; });
  std::vector<std::size_t> place(order.size());
  Graph graph;
  graph.nodes.reserve(order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    place[order[i]] = i;
    graph.nodes.push_back(std::move(nodes_[order[i]]));
  }
  graph.edges = std::move(edges_);
  for (GraphEdge& edge : graph.edges) {
    edge.from = place[edge.from];
    edge.to = place[edge.to];
  }
  std::ranges::sort(graph.edges, {}, [](const GraphEdge& edge) { return std::pair(edge.from, edge.to); });
  return graph;
}

}  // namespace virt_iface
