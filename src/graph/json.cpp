// SPDX-License-Identifier: LGPL-2.1-or-later
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "graph/graph.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

/// Of this form of the JSON (virt-iface(1), graph).
constexpr int version = 1;

Json json_of(const GraphNode& node) {
  Json object{{"id", node.id}, {"kind", node.kind}, {"name", node.name}};
  if (!node.realm.empty()) object["realm"] = node.realm;
  if (!node.group.empty()) object["group"] = node.group;
  for (const auto& [name, value] : node.facts) {
    const auto number = name == "vlan" || name == "speed" ? to_number(value) : std::nullopt;
    object[name] = number ? Json(*number) : Json(value);
  }
  object["faults"] = node.faults;
  return object;
}

}  // namespace

std::string graph_json(const Graph& graph) {
  Json nodes = Json::array();
  for (const GraphNode& node : graph.nodes) nodes.push_back(json_of(node));
  Json edges = Json::array();
  for (const GraphEdge& edge : graph.edges)
    edges.push_back(
        {{"from", graph.nodes[edge.from].id}, {"to", graph.nodes[edge.to].id}, {"label", edge.label}});
  const Json all{{"version", version},
                 {"nodes", std::move(nodes)},
                 {"edges", std::move(edges)},
                 {"not_seen", graph.unseen}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace virt_iface
