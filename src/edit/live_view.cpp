// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/live_view.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edit/plan.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/reconcile.hpp"
#include "xml/splice.hpp"
#include "xml/tree.hpp"

namespace virt_iface {
namespace {

const Type& network_type() {
  return *find_type("network");
}

/// Whether an attribute of <source> says what was asked for of a network: the rest libvirt chose at the
/// start.
bool is_networks_own(const Attribute& attribute) {
  return attribute.name == network_type().source ||
         key_at("source/@" + attribute.name, type_bit("network")) != nullptr;
}

void add_edits(const Document& document, const Element& interface, std::vector<Edit>& edits) {
  if (!is_running_network(interface)) return;
  Element stated = interface;
  for (Attribute& attribute : stated.attributes)
    if (attribute.name == "type") attribute.value = network_type().libvirt;
  const Element& source = *interface.child("source");
  Element own = source;
  std::erase_if(own.attributes, [](const Attribute& attribute) { return !is_networks_own(attribute); });
  for (Edit& edit : attribute_edits(document, interface, stated)) edits.push_back(std::move(edit));
  for (Edit& edit : attribute_edits(document, source, own)) edits.push_back(std::move(edit));
}

/// The interface of a network that a configuration has under the same MAC, or nullptr.
const Element* twin_of(const Element& interface, const Document& config) {
  for (const Element& other : config.domain.interfaces)
    if (mac_of(other) == mac_of(interface) && type_of(other) == "network" &&
        source_of(other) == source_of(interface))
      return &other;
  return nullptr;
}

/// What a network's definition gives an interface in that port group (networkAllocatePort, 9.0.0): of each
/// part the port group's, else the network's; where no group is named, the default one's.
std::vector<Element> given_by(const Element& network, std::string_view group) {
  std::vector<const Element*> sources;
  for (const Element& child : network.children)
    if (child.name == "portgroup" &&
        (group.empty() ? child.at("@default") == "yes" : child.at("@name") == group))
      sources.push_back(&child);
  sources.push_back(&network);
  std::vector<Element> out;
  for (const std::string_view part : elements_that(meaning::inherited))
    for (const Element* source : sources) {
      // The bandwidth of the network itself is its bridge's.
      if (source == &network && part == "bandwidth") continue;
      const Element* found = source->child(part);
      if (found == nullptr) continue;
      out.push_back(*found);
      break;
    }
  return out;
}

/// The settings that parts of an interface make.
Interface settings_of(std::vector<Element> parts) {
  Element interface {
    .name = "interface", .attributes = { {"type", "network"} }
  };
  interface.children = std::move(parts);
  return read_interface(interface);
}

/// Whether `part` says nothing that `given` does not: but for what libvirt makes up itself (interfaceid).
bool comes_from(const Element& part, const Element& given) {
  const Interface has = settings_of({part});
  const Interface gives = settings_of({given});
  return std::ranges::all_of(has.settings, [&](const Setting& setting) {
    const Key* key = find_key(setting.key);
    const bool made_up = key != nullptr && key->means(meaning::runtime) && gives.find(setting.key) == nullptr;
    return made_up || equal_values(setting.key, setting.value, gives.get(setting.key));
  });
}

/// True if that part of an interface of a network was not asked for in the guest: the network's definition
/// gives it, and the guest's own configuration, where it has the interface, does not state it too.
bool is_inherited(const Element& part, const Element* twin, const std::vector<Element>& given) {
  const auto found = std::ranges::find(given, part.name, &Element::name);
  if (found == given.end() || !comes_from(part, *found)) return false;
  return twin == nullptr || twin->child(part.name) == nullptr;
}

}  // namespace

std::vector<Message> warnings_of_running(const Document& document, const Plan& plan) {
  std::vector<Message> out;
  for (std::size_t i = 0; i < document.domain.interfaces.size(); ++i) {
    const Element& interface = document.domain.interfaces[i];
    if (!is_running_network(interface)) continue;
    // One that goes, or to another source, is written anew.
    const auto change = std::ranges::find(plan.changes, i + 1, &Change::position);
    if (change != plan.changes.end() &&
        (change->kind == Change::Kind::removed || type_of(change->interface) != type_of(interface) ||
         source_of(change->interface) != source_of(interface)))
      continue;
    const std::string_view group = interface.at("source/@portgroup");
    out.push_back({.severity = Severity::warning,
                   .place = document.place(interface.begin),
                   .text = describe(i + 1, interface) +
                           " is described as it runs: libvirt's define takes it off network " +
                           source_of(interface) +
                           (group.empty() ? std::string() : " and port group " + std::string(group)),
                   .hint = "use virsh dumpxml --inactive"});
  }
  return out;
}

LiveView as_asked_for(Document live, const Document& config, const NetworkDefinition& network,
                      Scanner& scanner) {
  Document document = with_networks(std::move(live), scanner);
  LiveView view;
  std::vector<Edit> edits;
  for (const Element& interface : document.domain.interfaces) {
    std::vector<Inherited>& inherited = view.inherited.emplace_back();
    if (type_of(interface) != "network") continue;
    const Element* twin = twin_of(interface, config);
    const std::vector<Element> given =
        given_by(read_tree(network(source_of(interface))), interface.at("source/@portgroup"));
    for (const Element& part : interface.children) {
      if (!is_inherited(part, twin, given)) continue;
      inherited.push_back(
          {part.name, std::string(document.text().substr(part.begin, part.end - part.begin))});
      const std::size_t before = document.text().find_last_not_of(" \n", part.begin - 1) + 1;
      edits.push_back({before, part.end, {}});
    }
  }
  view.document = edits.empty() ? std::move(document)
                                : scanner.scan(splice(document, std::move(edits)).bytes, document.file);
  return view;
}

Interface given_by_network(const Element& network, std::string_view group) {
  return settings_of(given_by(network, group));
}

Document with_networks(Document live, Scanner& scanner) {
  std::vector<Edit> edits;
  for (const Element& interface : live.domain.interfaces) add_edits(live, interface, edits);
  if (edits.empty()) return live;
  return scanner.scan(splice(live, std::move(edits)).bytes, live.file);
}

}  // namespace virt_iface
