// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/graph.hpp"

namespace virt_iface {

/// A graph as it grows: each node once by its id, each edge once.
class GraphNodes {
 public:
  /// The index of the node, and whether it is new.
  std::pair<std::size_t, bool> add(GraphNode node);
  void join(std::size_t from, std::size_t to, std::string label = {});
  void blame(std::size_t node, const std::string& fault);  ///< once, if it is said again
  GraphNode& at(std::size_t index) { return nodes_.at(index); }

  /// Guests and interfaces in the order in which they came, the rest sorted by its ids.
  Graph take();

 private:
  std::vector<GraphNode> nodes_{};
  std::map<std::string, std::size_t, std::less<>> by_id_{};
  std::set<std::pair<std::size_t, std::size_t>> joined_{};
  std::vector<GraphEdge> edges_{};
};

}  // namespace virt_iface
