// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/cards.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace virt_iface {
namespace {

void add_new(std::vector<std::string>& names, const std::vector<std::string>& more) {
  for (const std::string& name : more)
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
}

/// What lies beneath a bridge, bond, VLAN, …, itself first.
std::vector<std::string> names_from(const Host& host, std::string_view name) {
  std::vector<std::string> names{std::string(name)};
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (const Nic* nic = find_nic(host, names[i])) add_new(names, nic->lower);
    const auto bridge = std::ranges::find(host.switches, names[i], &OvsBridge::name);
    if (bridge == host.switches.end()) continue;
    for (const OvsPort& port : bridge->ports)
      add_new(names, port.peer.empty() ? port.interfaces : std::vector{port.peer});
  }
  return names;
}

bool harms(Card card, std::string_view type) {
  const bool bridged = type == "bridge" || type == "ovs";
  return (card == Card::layer3 && (bridged || type == "macvtap")) || (card == Card::deaf && bridged) ||
         (card == Card::roce && type == "ovs");
}

/// Those that harm an interface of that type.
std::vector<const Nic*> harmful(const Host& host, std::string_view type, std::string_view name) {
  const auto is_harmful = [&](const Nic& nic) { return harms(nic.card, type); };
  std::vector<const Nic*> found;
  if (std::ranges::none_of(host.nics, is_harmful)) return found;  // on most hosts
  for (const std::string& one : names_from(host, name))
    if (const Nic* nic = find_nic(host, one); nic != nullptr && is_harmful(*nic)) found.push_back(nic);
  return found;
}

Message message_of(const Nic& nic, std::string_view name) {
  const std::string chzdev = "chzdev --by-interface " + nic.name;
  std::string quoted = "'" + nic.name + "'";
  if (nic.name != name) quoted += " beneath '" + std::string(name) + "'";
  if (nic.card == Card::layer3)
    return {Severity::warning,
            {},
            quoted + " is a qeth device without layer 2: a guest behind it gets no frames",
            chzdev + " layer2=1"};
  if (nic.card == Card::deaf)
    return {Severity::warning,
            {},
            quoted +
                " is a qeth device that is no active bridge port, nor has it VNICC flooding and learning: a "
                "guest behind it gets no frames",
            chzdev + " bridge_role=primary, or vnicc/flooding=1 vnicc/learning=1"};
  return {Severity::note,
          {},
          quoted + " is a RoCE card: it cannot be promiscuous, and IBM supports none beneath Open vSwitch",
          "put the interface on it by macvtap"};
}

std::string_view in_short(Card card) {
  return card == Card::layer3 ? "qeth without layer 2" : card == Card::deaf ? "qeth, no bridge port" : "RoCE";
}

}  // namespace

const Nic* find_nic(const Host& host, std::string_view name) {
  auto found = std::ranges::find(host.nics, name, &Nic::name);
  if (found == host.nics.end())
    found = std::ranges::find(host.nics, kernel_name(std::string(name)), &Nic::name);
  return found == host.nics.end() ? nullptr : &*found;
}

std::vector<Message> check_cards(const Host& host, std::string_view type, std::string_view name) {
  const std::vector<const Nic*> nics = harmful(host, type, name);
  std::vector<Message> messages;
  messages.reserve(nics.size());
  for (const Nic* nic : nics) messages.push_back(message_of(*nic, name));
  return messages;
}

std::string card_note(const Host& host, std::string_view type, std::string_view name) {
  const std::vector<const Nic*> nics = harmful(host, type, name);
  std::vector<std::string> notes;
  notes.reserve(nics.size());
  for (const Nic* nic : nics)
    notes.push_back((nic->name == name ? std::string() : nic->name + ": ") +
                    std::string(in_short(nic->card)));
  return join(notes, ", ");
}

}  // namespace virt_iface
