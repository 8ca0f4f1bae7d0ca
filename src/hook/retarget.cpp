// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/retarget.hpp"
#include "hook/abi.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>

#include "edit/retarget.hpp"
#include "edit/verify.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

std::string name_of(const Document& document, std::size_t position) {
  const Element& interface = document.domain.interfaces[position - 1];
  std::string const mac = mac_of(interface);
  return describe(position, interface) + (mac.empty() ? std::string() : " " + mac);
}

/// What one rule of hook.conf changes of one interface.
struct Move {
  std::vector<std::string> words{};  ///< of update
  std::vector<Setting> settings{};
  std::string rule{};  ///< for messages
  Place place{};
};

std::string rule_text(const SourceMap& map) {
  return "the rule '" + map_from(map) + " = " + map_to(map) + "'";
}

/// By the first rule that fits.
std::optional<Move> move_of(const Element& interface, const Settings& settings) {
  if (row_of(interface) == nullptr) return std::nullopt;
  for (const ConditionMap& map : settings.condition_maps)
    if (meets(read_listed(interface), map.where))
      return Move{map.words, map.settings, '[' + map.heading + ']', map.place};
  const SourceMap* map = map_of(interface, settings.maps);
  if (!map) return std::nullopt;
  Move move{{}, settings_of(*map, type_of(interface)), rule_text(*map), map->place};
  for (const Setting& setting : move.settings) move.words.push_back(setting.key + '=' + setting.value);
  return move;
}

/// A function of the host is the guest's own device: libvirt does not move a guest that has one, but for the
/// transient partner of a team, which it takes off before and puts on behind.
void require_movable(const Document& document, std::size_t position, const Move& move) {
  const Element& interface = document.domain.interfaces[position - 1];
  auto const type = std::ranges::find(move.settings, "type", &Setting::key);
  std::string const was = type_of(interface);
  std::string const becomes = type == move.settings.end() ? was : type->value;
  bool const teamed = interface.at("teaming/@type") == "transient";
  if ((was != "hostdev" && becomes != "hostdev") || (was == becomes && teamed)) return;
  throw Error(Exit::invalid,
              name_of(document, position) + ": libvirt does not migrate a guest with a hostdev interface",
              "detach it before, or pair it with a virtio one by teaming.type = transient");
}

/// Every message of `error` with the rule that led to it.
void add_refusal(const Error& error, const Move& move, std::vector<Message>& refusals) {
  for (const Message& message : error.messages())
    refusals.push_back(
        {Severity::error, move.place, message.text + " by " + move.rule, message.hint, message.id});
}

/// What makes the definition's interface, which may be of another type, what the guest's has become.
std::vector<std::string> update_words(const Move& move, const Element& after, const Settings& settings) {
  std::vector<std::string> words{mac_of(after)};
  words.insert(words.end(), move.words.begin(), move.words.end());
  auto const asks = [&](std::string_view key) {
    return std::ranges::find(move.settings, key, &Setting::key) != move.settings.end();
  };
  if (type_of(after) == "macvtap" && asks("type") && !asks("mode"))
    words.push_back("mode=" + std::string(read_interface(after).get("mode")));
  for (const std::string& key : settings.drop) words.insert(words.end(), {"--drop", key});
  return words;
}

void check_abi(const Document& before, const Document& after, const Settings& settings) {
  std::vector<Message> refusals;
  for (const AbiFault& fault : abi_faults(before.domain, after.domain)) {
    if (fault.position == 0) {
      refusals.push_back({Severity::error, {}, fault.text, "libvirt's ABI check would refuse the guest"});
      continue;
    }
    std::optional<Move> const move = move_of(before.domain.interfaces[fault.position - 1], settings);
    std::string text = name_of(before, fault.position) + ' ' + fault.text;
    if (move) text += " by " + move->rule;
    refusals.push_back({Severity::error, move ? move->place : Place{}, text,
                        "libvirt's ABI check would refuse the guest; map it to a source that can carry it"});
  }
  if (!refusals.empty()) throw Error(Exit::invalid, std::move(refusals));
}

/// That a newer libvirt is needed is said once, and in the words of hook.conf.
std::vector<Message> in_own_words(std::vector<Message> messages) {
  std::set<std::string> said;
  std::erase_if(messages, [&](const Message& message) {
    return message.id == needs_libvirt && !said.insert(message.text).second;
  });
  for (Message& message : messages)
    if (message.id == needs_libvirt) message.hint = "libvirt = VERSION in [hook] says for which it is";
  return messages;
}

}  // namespace

Retargeted retarget_sources(const Document& document, const Settings& settings) {
  UpdateRules const rules{.drop = settings.drop,
                          .drop_front = "write drop = ",
                          .drop_back = " in [hook]",
                          .arch = {},
                          .libvirt = settings.libvirt};
  Renderer renderer;
  Updater updater(document, rules, renderer);
  Plan plan;
  std::vector<Message> refusals;
  std::map<std::size_t, Move> moves;  // by position
  for (std::size_t i = 0; i < document.domain.interfaces.size(); ++i) {
    std::optional<Move> move = move_of(document.domain.interfaces[i], settings);
    if (!move) continue;
    try {
      require_movable(document, i + 1, *move);
      updater.change(i + 1, move->settings, plan);
    } catch (const Error& error) {
      add_refusal(error, *move, refusals);
    }
    moves.emplace(i + 1, std::move(*move));
  }
  if (refusals.empty())  // what was refused would have freed its names
    updater.finish(plan, [&](std::size_t position, const Error& error) {
      add_refusal(error, moves.at(position), refusals);
    });
  if (!refusals.empty()) throw Error(Exit::invalid, std::move(refusals));
  Retargeted moved{.warnings = in_own_words(std::move(plan.warnings))};
  for (const Change& change : plan.changes)
    moved.moves.push_back(name_of(document, change.position) + ": " + change.details);
  moved.document = splice(document, std::move(plan.edits));
  moved.changed = moved.document.bytes != document.bytes;
  if (!moved.changed) return moved;
  Document const after = Scanner().scan(moved.document.bytes, document.file);
  require_as_decided(document, document.domain, plan.changes, after.domain);
  check_abi(document, after, settings);
  for (const auto& [position, move] : moves) {
    const Element& interface = after.domain.interfaces[position - 1];
    if (!mac_of(interface).empty()) moved.updates.push_back(update_words(move, interface, settings));
  }
  return moved;
}

}  // namespace virt_iface::hook
