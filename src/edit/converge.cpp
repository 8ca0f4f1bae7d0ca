// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/converge.hpp"

#include <algorithm>
#include <utility>

#include "edit/plan.hpp"
#include "spec/changed.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

/// What the guest and libvirt know an interface by.
bool is_kept(std::string_view key) {
  const Key* row = find_key(key);
  return row == nullptr || row->name == "type" || row->means(meaning::names) ||
         row->means(meaning::runtime) || !row->ports.empty() || row->name == "virtualport.type";
}

bool states_vlan(const Interface& interface) {
  return std::ranges::any_of(interface.settings,
                             [](const Setting& setting) { return is_of(setting.key, "vlan"); });
}

/// The differences as changes: what is stated, what is a part of a VLAN that is stated otherwise, and what
/// may go.
std::vector<Setting> changes_of(const Wanted& wanted, const Pair& pair, const ConvergeRules& rules) {
  std::vector<Setting> out;
  for (const Difference& difference : pair.differences) {
    const Setting* stated = wanted.stated.find(difference.key);
    const bool may_go =
        std::ranges::any_of(rules.drop, [&](const std::string& word) { return is_of(difference.key, word); });
    if (stated != nullptr || may_go || (states_vlan(wanted.stated) && is_of(difference.key, "vlan")))
      out.push_back({difference.key, difference.wanted, stated ? stated->place : Place{}});
    if (difference.key == "type")  // another type has another source, even of the same name
      out.push_back({"source", std::string(wanted.stated.get("source")), out.back().place});
  }
  return out;
}

/// Whether a change takes the key: itself, or what it hangs on.
bool goes(const Difference& difference, const Convergence& result, const std::vector<Setting>& changes) {
  return (result.before.find(difference.key) && !result.after.find(difference.key)) ||
         std::ranges::find(changes, difference.key, &Setting::key) != changes.end();
}

std::string said(const Difference& difference) {
  return difference.key + " = " + shown(difference.key, difference.present);
}

/// What stays of the differences, and how it goes: what one word of --drop removes is one.
std::vector<std::pair<std::string, std::string>> kept_by_hint(const Pair& pair, const Convergence& result,
                                                              const std::vector<Setting>& changes,
                                                              const ConvergeRules& rules) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const Difference& difference : pair.differences) {
    if (goes(difference, result, changes) || (rules.strict && !is_kept(difference.key))) continue;
    // A virtual port goes with its parameters.
    const auto isolating = std::ranges::find_if(result.before.settings, [&](const Setting& setting) {
      return is_of(difference.key, isolating_word(setting.key)) && is_isolating(setting, result.before);
    });
    std::string hint =
        isolating != result.before.settings.end()
            ? "--drop " + std::string(isolating_word(isolating->key)) + " removes it"
            : "remove it with update " + std::to_string(pair.present + 1) + ' ' + difference.key + '=';
    if (!out.empty() && out.back().first == hint)
      out.back().second.append(", ").append(said(difference));
    else
      out.emplace_back(std::move(hint), said(difference));
  }
  return out;
}

}  // namespace

Pair with_unasked(Pair pair, const Wanted& wanted, const Element& present) {
  const Interface before = read_interface(present);
  // One that a map has moved is what its policy asks for.
  if (before.get("source") != wanted.stated.get("source")) return pair;
  for (const Setting& setting : before.settings)
    if (is_isolating(setting, before) && wanted.stated.find(setting.key) == nullptr &&
        std::ranges::find(pair.differences, setting.key, &Difference::key) == pair.differences.end())
      pair.differences.push_back({setting.key, setting.value, {}});
  return pair;
}

Convergence converged(const Document& document, const Wanted& wanted, const Pair& pair,
                      const ConvergeRules& rules) {
  const Element& present = document.domain.interfaces[pair.present];
  Convergence result{.wanted = pair.wanted, .present = pair.present, .before = read_interface(present)};
  result.before.place = document.place(present.begin);
  std::string const what = describe(pair.present + 1, present);
  require_known_type(present, what, result.before.place);
  if (result.before.get("type") == "ovs" && wanted.stated.get("type") == "bridge")
    throw Error(Exit::invalid, result.before.place,
                what + " is asked for as a Linux bridge, and would lose its Open vSwitch port",
                "ask for type = ovs, or change it with update");
  std::vector<Setting> const changes = changes_of(wanted, pair, rules);
  Changed changed = with_changes(result.before, changes, {.words = rules.drop}, what);
  result.after = std::move(changed.interface);
  result.warnings = std::move(changed.warnings);
  auto warn = [&](const std::string& text, const std::string& hint = {}) {
    result.warnings.push_back(
        {.severity = Severity::warning, .place = result.before.place, .text = what + text, .hint = hint});
  };
  for (const Difference& difference : pair.differences)
    if (difference.wanted.empty() && goes(difference, result, changes))
      warn(" loses " + said(difference) +
           (states_vlan(wanted.stated) && is_of(difference.key, "vlan")
                ? ", as its VLAN was asked for otherwise"
                : ", which was not asked for"));
  for (const auto& [hint, kept] : kept_by_hint(pair, result, changes, rules))
    warn(" keeps " + kept + ", which was not asked for", hint);
  if (!wanted.stable.empty() && result.before.find("mac") == nullptr) result.after.set("mac", wanted.stable);
  if (!rules.strict) return result;
  Interface const seen = result.after;
  for (const Setting& setting : seen.settings) {
    if (is_kept(setting.key) || wanted.stated.find(setting.key)) continue;
    std::string const standard(wanted.complete.get(setting.key));
    if (equal_values(setting.key, standard, setting.value)) continue;
    standard.empty() ? void(result.after.erase(setting.key)) : result.after.set(setting.key, standard);
    warn(" loses " + setting.key + " = " + shown(setting.key, setting.value) + ", which was not stated");
  }
  return result;
}

}  // namespace virt_iface
