// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace virt_iface {

/// A guest, an interface, or something beneath: a bridge, a network, a device of the host.
struct GraphNode {
  std::string id{};    ///< unique, and the same for the same thing in another run: `bridge:br0`
  std::string kind{};  ///< guest, interface, network, bridge, ovs, nic, bond, vlan, …
  std::string name{};
  std::string realm{};  ///< the libvirt that has it, where there are several
  std::vector<std::pair<std::string, std::string>> facts{};  ///< what is known of it, as mac, model, speed
  std::vector<std::string> faults{};                         ///< what is wrong with it: a phrase each
  std::string group{};                                       ///< of an interface: see --group-by
};

/// From what hangs to what it hangs on; both are indexes of Graph::nodes.
struct GraphEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  std::string label{};  ///< the VLAN, the mode, the port group; may be empty
};

/// Which guest hangs on what. Guests and interfaces come first, in their order.
struct Graph {
  std::vector<GraphNode> nodes{};
  std::vector<GraphEdge> edges{};     ///< each once, sorted by their ends
  std::vector<std::string> unseen{};  ///< what the picture lacks, and why: a sentence each
};

inline bool is_guest(const GraphNode& node) {
  return node.kind == "guest";
}
inline bool is_interface(const GraphNode& node) {
  return node.kind == "interface";
}

/// How a graph is written.
struct GraphFormat {
  std::string name = "tree";  ///< tree, dot, mermaid or json
  bool grouped = false;       ///< by GraphNode::group
  bool colour = false;
};

/// All of it, each line ended.
std::string format_graph(const Graph& graph, const GraphFormat& how);

// One file each: NAME.cpp.
std::string graph_tree(const Graph& graph, const GraphFormat& how);
std::string graph_dot(const Graph& graph, const GraphFormat& how);
std::string graph_mermaid(const Graph& graph, const GraphFormat& how);
std::string graph_json(const Graph& graph);

/// What stands in a node of a picture: `bridge br0`, then its facts, a line each. Only printable().
std::vector<std::string> lines_of(const GraphNode& node);

/// The interfaces of one group, as indexes of Graph::nodes.
struct GraphGroup {
  std::string name{};
  std::vector<std::size_t> members{};
};

/// The groups, sorted; numbers in their names by their value.
std::vector<GraphGroup> groups_of(const Graph& graph);

}  // namespace virt_iface
