// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "graph/build.hpp"
#include "graph/nodes.hpp"
#include "host/sources.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// Draws what the interfaces of one realm hang on, each thing when it is first asked for.
class Ground {
 public:
  /// `prefix` stands in front of ids where there are several realms; `targets` are the guests' own devices,
  /// which are ports of a bridge and nothing that it lies on.
  Ground(GraphNodes& nodes, const Realm& realm, std::string prefix,
         std::set<std::string, std::less<>> targets);

  /// The node that an interface hangs on; nothing where it has none (type user).
  std::optional<std::size_t> beneath(const Record& record);

  /// What is wrong with what it is put on: not there, or of another kind.
  std::vector<std::string> faults_of(const Record& record) const;

  /// What its network gives an interface in its port group; nothing where it is not known.
  Interface from_network(const Record& record) const;

  /// Whether that is a bridge that does not filter VLANs, or a network on one.
  bool loses_vlan(std::size_t source) const;

 private:
  std::size_t network(const std::string& name);
  void draw_network(std::size_t node, const GraphNetwork& network, const Element& tree);
  std::size_t source(std::string_view type, const std::string& name);
  std::size_t device(const Device& found);
  void draw_ovs(std::size_t node, const OvsBridge& bridge);
  void draw_port(std::size_t node, const OvsPort& port);
  std::size_t function(const std::string& pci);
  std::size_t plain(std::string_view kind, const std::string& name);

  std::string realm() const;
  const GraphNetwork* find_network(std::string_view name) const;
  const Device* find_device(const std::string& name) const;
  const OvsBridge* find_ovs(std::string_view name) const;
  bool is_guests(const std::string& name) const;
  std::vector<std::string> faults_of(std::string_view type, const std::string& name) const;

  GraphNodes& nodes_;
  const Realm& realm_;
  std::string prefix_;
  std::set<std::string, std::less<>> targets_;
  Host host_{};                                                           ///< what check_source looks at
  std::map<std::string, Element, std::less<>> trees_{};                   ///< of the networks, by name
  std::map<std::pair<std::string, std::string>, std::size_t> sources_{};  ///< by type and name
  std::set<std::size_t> unfiltered_{};  ///< what puts a guest on a bridge without VLANs
};

}  // namespace virt_iface
