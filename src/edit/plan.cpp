// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/plan.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "edit/teaming.hpp"
#include "table/values.hpp"
#include "view/types.hpp"
#include "xml/insert.hpp"

namespace virt_iface {

Settled settled(const std::string& before, const Element& after) {
  return {before, mac_of(after), std::string(after.at("target/@dev"))};
}

std::string describe(std::size_t position, const Element& interface) {
  std::string const source = source_of(interface);
  return "interface " + std::to_string(position) + " (" + type_of(interface) +
         (source.empty() ? std::string() : " on " + source) + ")";
}

std::vector<Message> drift_of(const Plan& plan, const Document& document) {
  const std::vector<Element>& present = document.domain.interfaces;
  const auto is_removed = [](const Change& change) { return change.kind == Change::Kind::removed; };
  std::size_t next =
      present.size() - static_cast<std::size_t>(std::ranges::count_if(plan.changes, is_removed));
  std::vector<Message> drift = plan.differences;
  drift.reserve(drift.size() + plan.changes.size());
  for (const Change& change : plan.changes) {
    const bool added = change.kind == Change::Kind::added;
    std::string line = describe(added ? ++next : change.position, change.interface);
    line += added ? " would be added" : is_removed(change) ? " would be removed" : " would be changed";
    if (!change.details.empty()) line += ": " + change.details;
    const std::size_t at = !added            ? present.at(change.position - 1).begin
                           : present.empty() ? document.domain.devices.value_or(document.domain.element).begin
                                             : present.back().begin;
    drift.push_back({.place = document.place(at), .text = std::move(line), .id = "would-change"});
  }
  return drift;
}

std::string drift_lines(const std::vector<Message>& drift) {
  std::string lines;
  for (const Message& one : drift) lines += printable(one.place.file + ": " + one.text) + '\n';
  return lines;
}

std::string details_of(const Interface& before, const Interface& after) {
  std::string text;
  auto say = [&](const std::string& key) {
    if (equal_values(key, before.get(key), after.get(key))) return;
    text.append(text.empty() ? "" : ", ").append(key).append(" ");
    text.append(before.get(key).empty() ? "-" : shown(key, before.get(key))).append(" -> ");
    text.append(after.get(key).empty() ? "-" : shown(key, after.get(key)));
  };
  for (const Setting& setting : before.settings) say(setting.key);
  for (const Setting& setting : after.settings)
    if (!before.find(setting.key)) say(setting.key);
  return text;
}

void add_removals(const Document& document, const std::vector<std::size_t>& positions, Plan& plan) {
  require_domain(document);
  for (const std::size_t position : positions) {
    const Element& gone = document.domain.interfaces.at(position - 1);
    require_own_text(document, gone);
    plan.edits.push_back(remove_element(document, gone));
    plan.changes.push_back({.kind = Change::Kind::removed, .position = position, .interface = gone});
  }
}

Plan removal(const Document& document, const std::vector<std::size_t>& positions) {
  Plan plan;
  if (positions.empty()) return plan;
  add_removals(document, positions, plan);
  Outcome outcome;
  for (const std::size_t position : positions) outcome.removed.insert(position - 1);
  std::vector<Message> faults = team_faults(document, outcome);
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
  return plan;
}

}  // namespace virt_iface
