// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "host/devices.hpp"
#include "list/record.hpp"

namespace virt_iface {

/// A network of libvirt's, as its driver has it.
struct GraphNetwork {
  std::string name{};
  bool active = false;
  std::string xml{};
};

/// What is known of what lies beneath guests that are read in one place: documents, or one libvirt.
struct Realm {
  std::string uri{};                                    ///< empty: documents
  std::optional<std::vector<GraphNetwork>> networks{};  ///< nullopt: libvirt was not asked
  std::optional<Beneath> host{};                        ///< nullopt: the host was not looked at
};

enum class GroupBy { nothing, source, vlan };

/// What is drawn.
struct GraphInput {
  std::vector<Record> shown{};  ///< the interfaces, and guests without one (position 0)
  std::vector<Record> all{};    ///< those among which a MAC must be unique
  std::vector<Realm> realms{};  ///< of each URI of the records
  std::vector<std::string> unseen{};
  GroupBy group_by = GroupBy::nothing;
};

/// The same graph for the same input, in whatever order the records stand.
Graph build_graph(GraphInput input);

}  // namespace virt_iface
