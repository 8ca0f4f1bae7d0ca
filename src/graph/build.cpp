// SPDX-License-Identifier: LGPL-2.1-or-later
#include "graph/build.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "graph/ground.hpp"
#include "graph/nodes.hpp"
#include "list/duplicates.hpp"
#include "table/meaning.hpp"

namespace virt_iface {
namespace {

/// Which guest a record is of.
auto guest_of(const Record& record) {
  return std::tie(record.uri, record.domain, record.file, record.uuid);
}

void sort_by_guest(std::vector<Record>& records) {
  std::ranges::stable_sort(records, [](const Record& a, const Record& b) {
    return std::tuple_cat(guest_of(a), std::tie(a.position)) <
           std::tuple_cat(guest_of(b), std::tie(b.position));
  });
}

/// `VLAN 42`, `VLANs 42,43, native untagged:42`; empty for none.
std::string vlan_text(const Interface& keys) {
  const std::string tags(keys.get("vlan.tag"));
  if (tags.empty()) return {};
  const bool trunk = is_trunk(keys);
  const std::string native(keys.get("vlan.native"));
  return (trunk ? "VLANs " : "VLAN ") + tags + (native.empty() ? "" : ", native " + native);
}

std::string label_of(const Record& record, const std::string& vlan) {
  std::string label;
  const auto add = [&](const std::string& text) {
    if (!text.empty()) label += (label.empty() ? "" : ", ") + text;
  };
  const std::string group(record.keys.get("source.portgroup"));
  add(group.empty() ? group : "port group " + group);
  const std::string mode(record.keys.get("mode"));
  add(mode.empty() ? mode : "macvtap " + mode);
  add(vlan);
  add(record.keys.get("port.isolated") == "yes" ? "isolated" : "");
  return label;
}

std::string name_of(const Record& record) {
  return record.domain.empty() ? record.file : record.domain;
}

/// The first interface that has the MAC too, or nullptr.
const Record* twin_of(const Record& record, const std::vector<const Record*>& same) {
  const auto found =
      std::ranges::find_if(same, [&](const Record* other) { return must_differ(record, *other, "mac"); });
  return found == same.end() ? nullptr : *found;
}

class Builder {
 public:
  explicit Builder(GraphInput input) : input_(std::move(input)) {
    sort_by_guest(input_.shown);
    sort_by_guest(input_.all);
    several_ = input_.realms.size() > 1;
    for (const Record& record : input_.all)
      if (const std::string_view mac = record.keys.get("mac"); !mac.empty()) by_mac_[mac].push_back(&record);
    std::set<std::string, std::less<>> targets;
    for (const Record& record : input_.all) targets.emplace(record.keys.get("target.dev"));
    for (const Realm& realm : input_.realms)
      grounds_.emplace(realm.uri, Ground(nodes_, realm, prefix_of(realm.uri), targets));
  }

  Graph build() {
    const Record* before = nullptr;
    std::size_t guest = 0;
    for (const Record& record : input_.shown) {
      if (before == nullptr || guest_of(*before) != guest_of(record)) guest = add_guest(record);
      if (record.position != 0) add_interface(record, guest);
      before = &record;
    }
    Graph graph = nodes_.take();
    graph.unseen = std::move(input_.unseen);
    return graph;
  }

 private:
  std::string prefix_of(const std::string& uri) const { return several_ ? uri + ' ' : std::string(); }

  /// A guest's name as it is drawn, where another one may have the same.
  std::string told_apart(const Record& guest, const Record& from) const {
    const bool by_file = !guest.file.empty() && guest.file != from.file && name_of(guest) == name_of(from);
    return prefix_of(guest.uri) + name_of(guest) + (by_file ? " (" + guest.file + ')' : "");
  }

  std::size_t add_guest(const Record& record) {
    GraphNode node{.id = prefix_of(record.uri) + "guest:" + name_of(record),
                   .kind = "guest",
                   .name = name_of(record),
                   .realm = several_ ? record.uri : ""};
    if (!record.uuid.empty()) node.facts.emplace_back("uuid", record.uuid);
    if (!record.file.empty()) node.facts.emplace_back("file", record.file);
    if (record.position == 0) node.facts.emplace_back("interfaces", "none");
    auto [index, added] = nodes_.add(node);
    if (added) return index;
    // Another guest of that name.
    node.id += '@' + (record.file.empty() ? record.uuid : record.file);
    node.name += " (" + (record.file.empty() ? record.uuid : record.file) + ')';
    return nodes_.add(std::move(node)).first;
  }

  void add_interface(const Record& record, std::size_t guest) {
    const std::string number = std::to_string(record.position);
    GraphNode node{.id = nodes_.at(guest).id + '/' + number,
                   .kind = "interface",
                   .name = number,
                   .realm = several_ ? record.uri : ""};
    for (const auto& [fact, key] : {std::pair("mac", "mac"), {"model", "model"}, {"target", "target.dev"}})
      if (const std::string_view value = record.keys.get(key); !value.empty())
        node.facts.emplace_back(fact, value);
    const auto [index, added] = nodes_.add(std::move(node));
    if (!added) return;
    nodes_.join(guest, index);
    add_faults(record, index);
    hang(record, index);
  }

  void add_faults(const Record& record, std::size_t node) {
    if (record.keys.get("link.state") == "down") nodes_.blame(node, "link down");
    const auto same = by_mac_.find(record.keys.get("mac"));
    if (same == by_mac_.end()) return;
    if (const Record* twin = twin_of(record, same->second))
      nodes_.blame(
          node, "same MAC as " + told_apart(*twin, record) + " interface " + std::to_string(twin->position));
  }

  /// Joins it to what it hangs on.
  void hang(const Record& record, std::size_t node) {
    Ground& ground = grounds_.at(record.uri);
    const Interface given = ground.from_network(record);
    const std::string vlan = vlan_text(record.keys.find("vlan.tag") != nullptr ? record.keys : given);
    const std::optional<std::size_t> source = ground.beneath(record);
    if (input_.group_by == GroupBy::vlan) nodes_.at(node).group = vlan.empty() ? "no VLAN" : vlan;
    if (!source) {
      nodes_.at(node).facts.emplace_back("type", record.keys.get("type"));
      if (input_.group_by == GroupBy::source) nodes_.at(node).group = record.keys.get("type");
      return;
    }
    nodes_.join(node, *source, label_of(record, vlan));
    for (const std::string& fault : ground.faults_of(record)) nodes_.blame(node, fault);
    if (!vlan.empty() && ground.loses_vlan(*source))
      nodes_.blame(node, vlan + " on a bridge without VLAN filtering");
    const GraphNode& on = nodes_.at(*source);
    if (input_.group_by == GroupBy::source)
      nodes_.at(node).group = (several_ ? on.realm + ' ' : "") + on.kind + ' ' + on.name;
  }

  GraphInput input_;
  bool several_ = false;
  GraphNodes nodes_{};
  std::map<std::string_view, std::vector<const Record*>> by_mac_{};
  std::map<std::string, Ground> grounds_{};
};

}  // namespace

Graph build_graph(GraphInput input) {
  return Builder(std::move(input)).build();
}

}  // namespace virt_iface
