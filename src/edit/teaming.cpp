// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/teaming.hpp"

#include <algorithm>
#include <tuple>

#include "edit/read.hpp"
#include "spec/meaning.hpp"

namespace virt_iface {
namespace {

enum class Kind { no_partner, not_persistent, two_macs, no_virtio };

struct Fault {
  Kind kind;
  std::string alias;  // of the persistent one
  Place place{};

  bool operator<(const Fault& other) const {
    return std::tie(kind, alias) < std::tie(other.kind, other.alias);
  }
};

void add_faults_of(const Interface& transient, const std::vector<Interface>& all, std::set<Fault>& faults) {
  const std::string alias(transient.get("teaming.persistent"));
  const std::optional<std::size_t> index = partner_of(transient, all);
  if (!index) {
    faults.insert({Kind::no_partner, alias, transient.place});
    return;
  }
  const Interface& partner = all[*index];
  if (partner.get("teaming.type") != "persistent")
    faults.insert({Kind::not_persistent, alias, partner.place});
  // Without one, libvirt would give each its own.
  if (partner.get("mac").empty() || partner.get("mac") != transient.get("mac"))
    faults.insert({Kind::two_macs, alias, transient.place});
}

std::set<Fault> faults_of(const std::vector<Interface>& all) {
  std::set<Fault> faults;
  for (const Interface& interface : all) {
    if (interface.get("teaming.type") == "transient") add_faults_of(interface, all, faults);
    if (interface.get("teaming.type") == "persistent" && !is_virtio(interface.get("model")))
      faults.insert({Kind::no_virtio, std::string(interface.get("alias.name")), interface.place});
  }
  return faults;
}

Message message_of(const Fault& fault) {
  const std::string alias = "'" + fault.alias + "'";
  switch (fault.kind) {
    case Kind::no_partner:
      return {.place = fault.place,
              .text = "teaming.persistent " + alias + " is not the alias of an interface in the domain",
              .cure = "name the alias of its persistent partner, or change both"};
    case Kind::not_persistent:
      return {.place = fault.place,
              .text = "interface " + alias + " is a transient one's partner, and no persistent one",
              .cure = "state teaming.type = persistent there"};
    case Kind::two_macs:
      return {.place = fault.place,
              .text = "the pair of " + alias + " would have two MACs",
              .cure = "give both the same"};
    case Kind::no_virtio:
      break;
  }
  return {.place = fault.place,
          .text = "teaming.type 'persistent' without a virtio model",
          .cure = "state model = virtio"};
}

bool teams(const Interface& interface) {
  return interface.find("teaming.type") != nullptr;
}

}  // namespace

std::optional<std::size_t> partner_of(const Interface& transient, const std::vector<Interface>& all) {
  const std::string_view alias = transient.get("teaming.persistent");
  const auto found =
      std::ranges::find_if(all, [&](const Interface& i) { return i.get("alias.name") == alias; });
  if (alias.empty() || found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

std::vector<Message> team_faults(const Document& document, const Outcome& outcome) {
  const std::vector<Element>& present = document.domain.interfaces;
  const bool any =
      std::ranges::any_of(present, [](const Element& e) { return e.child("teaming") != nullptr; }) ||
      std::ranges::any_of(outcome.added, teams) ||
      std::ranges::any_of(outcome.changed, [](const auto& one) { return teams(one.second); });
  if (!any || document.root == Root::interface) return {};
  std::vector<Interface> before;
  std::vector<Interface> after;
  for (std::size_t i = 0; i < present.size(); ++i) {
    before.push_back(read_interface(present[i]));
    before.back().place = document.place(present[i].begin);
    const auto changed = outcome.changed.find(i);
    if (!outcome.removed.contains(i))
      after.push_back(changed == outcome.changed.end() ? before.back() : changed->second);
    if (changed != outcome.changed.end()) after.back().place = before.back().place;
  }
  after.insert(after.end(), outcome.added.begin(), outcome.added.end());
  const std::set<Fault> old = faults_of(before);
  std::vector<Message> messages;
  for (const Fault& fault : faults_of(after))
    if (!old.contains(fault)) messages.push_back(message_of(fault));
  return messages;
}

}  // namespace virt_iface
