// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/teaming.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "edit/plan.hpp"
#include "table/meaning.hpp"
#include "view/read.hpp"

namespace virt_iface {
namespace {

enum class Wrong { no_partner, not_persistent, two_macs, no_virtio, shared_mac };

struct Fault {
  Wrong kind;
  std::string name;  // the alias of the persistent one; the MAC that is shared
  Place place{};

  bool operator<(const Fault& other) const { return std::tie(kind, name) < std::tie(other.kind, other.name); }
};

void add_faults_of(const Interface& transient, const std::vector<Interface>& all, std::set<Fault>& faults) {
  const std::string alias(transient.get("teaming.persistent"));
  const std::optional<std::size_t> index = partner_of(transient, all);
  if (!index) {
    faults.insert({Wrong::no_partner, alias, transient.place});
    return;
  }
  const Interface& partner = all[*index];
  if (partner.get("teaming.type") != "persistent")
    faults.insert({Wrong::not_persistent, alias, partner.place});
  // Without one, libvirt would give each its own.
  if (partner.get("mac").empty() || partner.get("mac") != transient.get("mac"))
    faults.insert({Wrong::two_macs, alias, transient.place});
}

/// Only the halves of one pair share a MAC.
void add_shared_macs(const std::vector<Interface>& all, std::set<Fault>& faults) {
  std::map<std::string_view, std::vector<const Interface*>> holders;
  for (const Interface& interface : all)
    if (const std::string_view mac = interface.get("mac"); !mac.empty() && mac != "stable")
      holders[mac].push_back(&interface);
  for (const auto& [mac, some] : holders)
    if (some.size() > 2 || (some.size() == 2 && !is_pair(*some[0], *some[1])))
      faults.insert({Wrong::shared_mac, std::string(mac), some.back()->place});
}

std::set<Fault> faults_of(const std::vector<Interface>& all) {
  std::set<Fault> faults;
  add_shared_macs(all, faults);
  for (const Interface& interface : all) {
    if (interface.get("teaming.type") == "transient") add_faults_of(interface, all, faults);
    if (interface.get("teaming.type") == "persistent" && !is_virtio(interface.get("model")))
      faults.insert({Wrong::no_virtio, std::string(interface.get("alias.name")), interface.place});
  }
  return faults;
}

Message message_of(const Fault& fault) {
  const std::string alias = "'" + fault.name + "'";
  switch (fault.kind) {
    case Wrong::no_partner:
      return {.place = fault.place,
              .text = "teaming.persistent " + alias + " is not the alias of an interface in the domain",
              .hint = "name the alias of its persistent partner, or change both"};
    case Wrong::not_persistent:
      return {.place = fault.place,
              .text = "interface " + alias + " is a transient one's partner, and no persistent one",
              .hint = "state teaming.type = persistent there"};
    case Wrong::two_macs:
      return {.place = fault.place,
              .text = "the pair of " + alias + " would have two MACs",
              .hint = "give both the same"};
    case Wrong::shared_mac:
      return {
          .place = fault.place,
          .text = "MAC " + alias + " would be that of interfaces which are no failover pair",
          .hint = "state teaming.type, and teaming.persistent = the other's alias, or give each its own MAC"};
    case Wrong::no_virtio:
      break;
  }
  return {.place = fault.place,
          .text = "teaming.type 'persistent' without a virtio model",
          .hint = "state model = virtio"};
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

std::vector<Message> lost_partners(const Document& document, const std::set<std::size_t>& removed) {
  const std::vector<Element>& present = document.domain.interfaces;
  const auto teams = [](const Element& e) { return e.child("teaming") != nullptr; };
  if (removed.empty() || std::ranges::none_of(present, teams)) return {};
  std::vector<Interface> all;
  all.reserve(present.size());
  for (const Element& interface : present) all.push_back(read_interface(interface));
  std::vector<Message> messages;
  for (const std::size_t gone : removed) {
    const std::optional<std::size_t> stays = partner_of(all[gone], all);
    if (!stays || removed.contains(*stays)) continue;
    messages.push_back({.severity = Severity::warning,
                        .place = document.place(present[*stays].begin),
                        .text = describe(*stays + 1, present[*stays]) + " loses its failover partner, " +
                                describe(gone + 1, present[gone])});
  }
  return messages;
}

std::vector<Message> team_faults(const Document& document, const Outcome& outcome) {
  const std::vector<Element>& present = document.domain.interfaces;
  const bool any =
      std::ranges::any_of(present, [](const Element& e) { return e.child("teaming") != nullptr; }) ||
      std::ranges::any_of(outcome.added, [](const Interface* one) { return teams(*one); }) ||
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
  for (const Interface* added : outcome.added) after.push_back(*added);
  const std::set<Fault> old = faults_of(before);
  std::set<Fault> faults = faults_of(after);
  std::erase_if(faults, [&](const Fault& fault) { return old.contains(fault); });
  std::vector<Message> messages;
  // What else is wrong with a pair is why it is none.
  for (const Fault& fault : faults)
    if (fault.kind != Wrong::shared_mac || faults.begin()->kind == fault.kind)
      messages.push_back(message_of(fault));
  return messages;
}

}  // namespace virt_iface
