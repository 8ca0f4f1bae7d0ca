// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/retarget.hpp"
#include "hook/abi.hpp"

#include <algorithm>
#include <iterator>
#include <set>

#include "edit/retarget.hpp"
#include "edit/types.hpp"
#include "edit/verify.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

std::string name_of(const Document& document, std::size_t position) {
  const Element& interface = document.domain.interfaces[position - 1];
  std::string const mac = mac_of(interface);
  return describe(position, interface) + (mac.empty() ? std::string() : " " + mac);
}

std::string rule_text(const SourceMap& map) {
  auto const side = [](const std::string& type, const std::string& name) {
    return type.empty() ? name : type + ':' + name;
  };
  return "'" + side(map.from_type, map.from) + " = " + side(map.to_type, map.to) + "'";
}

/// Every message of `error` with the rule that led to it.
void add_refusal(const Error& error, const SourceMap& map, std::vector<Message>& refusals) {
  for (const Message& message : error.messages())
    refusals.push_back(
        {Severity::error, map.place, message.text + " by the rule " + rule_text(map), message.cure});
}

void check_abi(const Document& before, const Document& after, const Settings& settings) {
  std::vector<Message> refusals;
  for (const AbiFault& fault : abi_faults(before.domain, after.domain)) {
    if (fault.position == 0) {
      refusals.push_back({Severity::error, {}, fault.text, "libvirt's ABI check would refuse the guest"});
      continue;
    }
    const SourceMap* map = map_of(before.domain.interfaces[fault.position - 1], settings.maps);
    std::string text = name_of(before, fault.position) + ' ' + fault.text;
    if (map) text += " by the rule " + rule_text(*map);
    refusals.push_back({Severity::error, map ? map->place : Place{}, text,
                        "libvirt's ABI check would refuse the guest; map it to a source that can carry it"});
  }
  if (!refusals.empty()) throw Error(Exit::invalid, std::move(refusals));
}

}  // namespace

Retargeted retarget_sources(const Document& document, const Settings& settings) {
  UpdateRules const rules{
      .drop = settings.drop, .drop_front = "write drop = ", .drop_back = " in [hook]", .arch = {}};
  Renderer renderer;
  Updater updater(document, rules, renderer);
  Plan plan;
  std::vector<Message> refusals;
  std::set<std::string> fitted;
  for (std::size_t i = 0; i < document.domain.interfaces.size(); ++i) {
    const SourceMap* map = map_of(document.domain.interfaces[i], settings.maps);
    if (!map) continue;
    fitted.insert(map_from(*map) + '=' + map_to(*map));
    try {
      add_move(updater, i + 1, *map, plan);
    } catch (const Error& error) {
      add_refusal(error, *map, refusals);
    }
  }
  if (!refusals.empty()) throw Error(Exit::invalid, std::move(refusals));
  Retargeted moved{.warnings = std::move(plan.warnings), .maps = {fitted.begin(), fitted.end()}};
  for (const Change& change : plan.changes)
    moved.moves.push_back(name_of(document, change.position) + ": " + change.details);
  moved.document = splice(document, std::move(plan.edits));
  moved.changed = moved.document.bytes != document.bytes;
  if (!moved.changed) return moved;
  Document const after = Scanner().scan(moved.document.bytes, document.file);
  require_as_decided(document, document.domain, plan.changes, after.domain);
  check_abi(document, after, settings);
  return moved;
}

}  // namespace virt_iface::hook
