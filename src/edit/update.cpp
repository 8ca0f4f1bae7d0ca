// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/update.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "edit/apply.hpp"
#include "edit/match.hpp"
#include "edit/read.hpp"
#include "edit/types.hpp"
#include "edit/unique.hpp"
#include "xml/reconcile.hpp"

namespace virt_iface {
namespace {

constexpr std::array<std::string_view, 3> isolating{"vlan", "port.isolated", "filterref"};

/// Which of these a setting belongs to; empty: it does not isolate.
std::string_view isolates(const Setting& setting) {
  bool const off = setting.key == "port.isolated" && setting.value == "no";
  auto const* const found = std::find_if(isolating.begin(), isolating.end(), [&](std::string_view name) {
    return setting.key.starts_with(name);
  });
  return off || found == isolating.end() ? std::string_view() : *found;
}

/// `vlan` permits vlan.tag, vlan.trunk, …
bool is_permitted(std::string_view key, const std::vector<std::string>& drop) {
  return std::any_of(drop.begin(), drop.end(), [&](const std::string& name) {
    return key == name || (key.starts_with(name) && key[name.size()] == '.');
  });
}

/// vnetN, macvtapN, macvlanN: made up by libvirt for one host, harmful on another (libvirt 282d135ddbb7).
bool is_automatic_target(std::string_view name) {
  for (std::string_view prefix : {"vnet", "macvtap", "macvlan"})
    if (name.starts_with(prefix) && name.size() > prefix.size() &&
        name.find_first_not_of("0123456789", prefix.size()) == name.npos)
      return true;
  return false;
}

/// Takes away what belongs to the old type and cannot be on the new one.
void drop_what_cannot_stay(const Interface& before, Interface& after, const std::vector<Setting>& asked,
                           const UpdateRules& rules, const std::string& what, Plan& plan) {
  unsigned const type = type_bit(after.get("type"));
  std::vector<Setting> const settings = after.settings;
  for (const Setting& setting : settings) {
    bool const stated =
        std::any_of(asked.begin(), asked.end(), [&](const Setting& s) { return s.key == setting.key; });
    const Key* key = find_key(setting.key);
    bool const port = setting.key.starts_with("virtualport.");
    if (stated || !key || (!port && (key->types & type) != 0)) continue;
    std::string const group(isolates(setting));
    if (!group.empty() && !is_permitted(setting.key, rules.drop))
      throw Error(Exit::invalid, after.place,
                  what + " would lose " + setting.key + " = " + setting.value + " on type " +
                      std::string(after.get("type")),
                  "it isolates the guest; if it may go, say --drop " + group);
    after.erase(setting.key);
    // What only says how the old type was plugged in is nobody's loss; private kept the guest from its
    // neighbours.
    bool const plugging = (setting.key == "mode" && setting.value != "private") ||
                          (setting.key == "virtualport.type" && before.get("type") == "ovs");
    if (!plugging)
      plan.warnings.push_back({.severity = Severity::warning,
                               .place = after.place,
                               .text = what + " loses " + setting.key + " = " + setting.value +
                                       ", which type " + std::string(after.get("type")) + " cannot carry"});
  }
}

/// Only a network has a floor under its bandwidth.
void drop_floor(Interface& after, const std::string& what, Plan& plan) {
  constexpr const char* key = "bandwidth.inbound";
  std::string const value(after.get(key));
  std::size_t const floor = value.find("floor=");
  if (after.get("type") == "network" || floor == value.npos) return;
  if (floor == 0)
    after.erase(key);
  else
    after.set(key, value.substr(0, floor - 1), after.find(key)->place);
  plan.warnings.push_back({.severity = Severity::warning,
                           .place = after.place,
                           .text = what + " loses the " + value.substr(floor) + " of " + key +
                                   ", which type " + std::string(after.get("type")) + " cannot carry"});
}

void set_all(Interface& after, const std::vector<Setting>& settings) {
  for (const Setting& setting : settings)
    if (setting.value.empty())
      after.erase(setting.key);
    else if (!equal_values(after.get(setting.key), setting.value))  // 0x5 stays as it is spelled
      after.set(setting.key, setting.value, setting.place);
}

/// A VLAN on macvtap is carried by mode passthrough alone.
void require_vlan_carrier(const Interface& after, const std::string& what, const UpdateRules& rules,
                          Interface& result, Plan& plan) {
  if (after.get("type") != "macvtap" || after.get("mode") == "passthrough") return;
  for (const Setting& setting : after.settings) {
    if (!setting.key.starts_with("vlan.")) continue;
    if (!is_permitted(setting.key, rules.drop))
      throw Error(Exit::invalid, after.place,
                  what + " would lose " + setting.key + " = " + setting.value + " on type macvtap, mode " +
                      std::string(after.get("mode")),
                  "mode passthrough carries a VLAN; if it may go, say --drop vlan");
    result.erase(setting.key);
    plan.warnings.push_back({.severity = Severity::warning,
                             .place = after.place,
                             .text = what + " loses " + setting.key + " = " + setting.value +
                                     ", which mode " + std::string(after.get("mode")) + " cannot carry"});
  }
}

void throw_errors(std::vector<Message> messages, const std::string& what, const Place& place, Plan& plan) {
  std::vector<Message> errors;
  for (Message& message : messages) {
    if (message.place.file.empty() || message.place.line == place.line)
      message.text = what + ": " + message.text;
    if (message.place.file.empty()) message.place = place;
    (message.severity == Severity::error ? errors : plan.warnings).push_back(std::move(message));
  }
  if (!errors.empty()) throw Error(Exit::invalid, std::move(errors));
}

/// Puts the element as it is in place of what our words say of it, but keeps what they imply (mode vepa).
void replace_child(Element& element, const Element* child) {
  if (!child) return;
  Element known = *child;
  if (const Element* said = element.child(child->name))
    for (const Attribute& attribute : said->attributes)
      if (!known.attribute(attribute.name)) known.attributes.push_back(attribute);
  std::erase_if(element.children, [&](const Element& c) { return c.name == child->name; });
  element.children.push_back(std::move(known));
}

}  // namespace

void require_isolating(const std::vector<std::string>& drop) {
  for (const std::string& name : drop) {
    bool const known = std::any_of(isolating.begin(), isolating.end(), [&](std::string_view i) {
      return name == i || (find_key(name) && name.starts_with(i));
    });
    if (known) continue;
    std::string cure = did_you_mean(name, isolating);
    throw Error(Exit::usage, "--drop " + name + ": this does not isolate a guest",
                cure.empty() ? "vlan, port.isolated and filterref do; anything else goes by itself" : cure);
  }
}

void add_update(const Document& document, std::size_t position, const std::vector<Setting>& settings,
                const UpdateRules& rules, Renderer& renderer, Plan& plan) {
  const Element& present = document.domain.interfaces.at(position - 1);
  std::string const what = describe(position, present);
  Interface before = read_interface(present);
  before.place = document.place(present.begin);
  if (!shape_of(present))
    throw Error(Exit::invalid, before.place, what + " is of a type that virt-iface does not change",
                "it can be listed, shown and detached");
  Interface after = before;
  set_all(after, settings);
  bool const moved = after.get("type") != before.get("type") || after.get("source") != before.get("source");
  bool const retyped = after.get("type") != before.get("type");
  if (retyped &&
      std::none_of(settings.begin(), settings.end(), [](const Setting& s) { return s.key == "source"; }))
    throw Error(Exit::invalid, before.place, what + ": another type has another source", "say source= too");
  if (retyped) {
    drop_what_cannot_stay(before, after, settings, rules, what, plan);
    bool const asked = std::any_of(settings.begin(), settings.end(),
                                   [](const Setting& s) { return s.key == "bandwidth.inbound"; });
    if (!asked) drop_floor(after, what, plan);
  }
  if (moved && after.get("target.dev") == before.get("target.dev") &&
      is_automatic_target(after.get("target.dev")))
    after.erase("target.dev");
  Interface result = after;
  if (retyped || after.get("mode") != before.get("mode"))
    require_vlan_carrier(after, what, rules, result, plan);

  DomainTraits const traits = traits_of(document.domain, rules.arch);
  throw_errors(check_change(before, result, &traits), what, before.place, plan);
  throw_errors(Taken(document.domain, {position - 1}).change(before, result), what, before.place, plan);

  Element had = renderer.render(before);
  if (moved) replace_child(had, present.child("source"));  // with what libvirt noted of the running guest
  if (retyped) replace_child(had, present.child("virtualport"));
  const Element& has = renderer.render(result);
  std::vector<Edit> edits = reconcile(document, present, had, has);
  if (edits.empty()) return;
  plan.changes.push_back({.kind = Change::Kind::changed,
                          .position = position,
                          .interface = has,
                          .details = details_of(before, result)});
  std::move(edits.begin(), edits.end(), std::back_inserter(plan.edits));
}

}  // namespace virt_iface
