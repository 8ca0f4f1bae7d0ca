// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/update.hpp"

#include <algorithm>

#include "edit/apply.hpp"
#include "edit/device_name.hpp"
#include "edit/mac.hpp"
#include "edit/teaming.hpp"
#include "spec/changed.hpp"
#include "table/device_pattern.hpp"
#include "table/meaning.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/insert.hpp"
#include "xml/reconcile.hpp"

namespace virt_iface {
namespace {

void throw_errors(std::vector<Message> messages, const std::string& what, const Place& place, Plan& plan) {
  std::vector<Message> errors;
  for (Message& message : messages) {
    if (message.severity == Severity::note) {  // of no interface alone
      plan.warnings.push_back(std::move(message));
      continue;
    }
    if (message.place.file.empty() || message.place.line == place.line)
      message.text = what + ": " + message.text;
    if (message.place.file.empty()) message.place = place;
    (message.severity == Severity::error ? errors : plan.warnings).push_back(std::move(message));
  }
  if (!errors.empty()) throw Error(Exit::invalid, std::move(errors));
}

/// Puts the element as it is in place of what our words say of it, but keeps what they imply (mode vepa).
/// Where it stays one of its type, what we never make stays in it.
void replace_child(Element& element, const Element* child, bool retyped) {
  if (!child) return;
  Element known = *child;
  if (!retyped) {
    const Element* said = element.child(child->name);
    known.children = said == nullptr ? std::vector<Element>{} : said->children;
  }
  if (const Element* said = element.child(child->name))
    for (const Attribute& attribute : said->attributes)
      if (!known.attribute(attribute.name)) known.attributes.push_back(attribute);
  std::erase_if(element.children, [&](const Element& c) { return c.name == child->name; });
  element.children.push_back(std::move(known));
}

/// In a document a model that is left to libvirt is none.
void leave_model_out(const Interface& before, Interface& after) {
  if (after.get("model") == "libvirt" && before.get("model") != "libvirt") after.erase("model");
}

/// What was a function of the host, and had no model, gets the one that it would have been made with.
void default_model(const Interface& before, Interface& after, const DomainTraits& traits) {
  if (before.get("type") != "hostdev" || after.get("type") == "hostdev") return;
  if (after.find("model") == nullptr && has_virtio_by_default(traits))
    after.set("model", "virtio", after.place);
}

/// What is never made, and stays where it is, but not on a type that QEMU cannot have it on; a script of
/// Xen's is for one type.
std::vector<const Element*> lost_kept(const Element& present, const Interface& after,
                                      const DomainTraits& traits) {
  std::vector<const Element*> out;
  const bool is_qemu = has_virtio_by_default(traits);
  for (const Element& child : present.children) {
    const Key* kept = kept_element(child.name);
    if (kept == nullptr) continue;
    const bool carries = (kept->types & type_bit(after.get("type"))) != 0 &&
                         (after.get("type") != "vhostuser" || !is_of_passt(*kept) || is_passt(after));
    const bool stays = is_qemu ? carries : !child.name.ends_with("script");
    if (!stays) out.push_back(&child);
  }
  return out;
}

/// What an interface of another type loses beside its keys: those elements, and what it says of its source
/// and virtual port; but not what libvirt notes of a network.
std::vector<Message> losses(const Document& document, const Element& present,
                            const std::vector<const Element*>& kept, const std::string& what,
                            const Interface& after) {
  std::vector<Message> out;
  const auto add = [&](const std::string& lost, std::size_t at) {
    out.push_back({.severity = Severity::warning,
                   .place = document.place(at),
                   .text = what + " loses " + lost + ", which type " + std::string(after.get("type")) +
                           " cannot carry"});
  };
  for (const Element* lost : kept) add("its <" + lost->name + '>', lost->begin);
  for (const Setting& lost : read_kept(present))
    if ((is_of(lost.key, "source") && type_of(present) != "network") || is_of(lost.key, "virtualport"))
      add(lost.key + " = " + lost.value, present.begin);
  return out;
}

}  // namespace

Left left_by(const Document& document, std::size_t position, const Interface& before, const Interface& after,
             const DomainTraits& traits, Renderer& renderer) {
  const Element& present = document.domain.interfaces[position - 1];
  const bool retyped = after.get("type") != before.get("type");
  Left left{.had = renderer.make(before)};
  if (retyped || after.get("source") != before.get("source")) {
    // With what libvirt noted of the running guest.
    left.had.attributes.front().value = libvirt_type(present);
    replace_child(left.had, present.child("source"), retyped);
  }
  if (!retyped) return left;
  replace_child(left.had, present.child("virtualport"), true);
  const std::vector<const Element*> kept = lost_kept(present, after, traits);
  for (const Element* lost : kept) left.had.children.push_back(*lost);
  left.warnings = losses(document, present, kept, describe(position, present), after);
  return left;
}

Updater::Updater(const Document& document, UpdateRules rules, Renderer& renderer, const Plan* first)
    : document_(document),
      rules_(std::move(rules)),
      renderer_(renderer),
      taken_(document, {}, first),
      has_teams_(std::ranges::any_of(
          document.domain.interfaces,
          [](const Element& interface) { return interface.child("teaming") != nullptr; })),
      first_(first == nullptr ? std::vector<Settled>{} : first->settled) {}

/// The same interface in the other description: the next of that MAC.
Settled Updater::same_of(const std::string& mac) {
  const auto found = std::ranges::find(first_, mac, &Settled::before);
  if (mac.empty() || found == first_.end()) return {};
  Settled same = std::move(*found);
  first_.erase(found);
  return same;
}

/// The address that `mac = stable` means: of the first ordinal among equals that nobody has.
void Updater::resolve_stable_mac(Interface& after, const Settled& same) {
  const auto is_free = [&](const std::string& mac) {
    return taken_.is_free("mac", mac, same.mac) && !new_macs_.contains(mac);
  };
  std::size_t& ordinal = ordinals_[equals_of(after)];
  std::string mac = same.mac;
  while (mac.empty() || !is_free(mac)) mac = stable_mac(after, document_.domain, ordinal++);
  new_macs_.insert(mac);
  for (const char* key : {"mac.seed", "mac.prefix"}) after.erase(key);
  after.set("mac", mac, after.find("mac")->place);
}

void Updater::change(std::size_t position, const std::vector<Setting>& settings, Plan& plan) {
  pending_.push_back(changed(position, settings, plan));
}

void Updater::finish(Plan& plan, const std::function<void(std::size_t, const Error&)>& refused) {
  for (const Pending& one : pending_) taken_.release(one.before, one.after);
  resolve_stable_macs();
  bool all = true;
  for (Pending& one : pending_) {
    try {
      finish(one, plan);
    } catch (const Error& error) {
      if (!refused) throw;
      refused(one.position, error);
      all = false;
    }
  }
  if (all) require_teams();
  pending_.clear();
}

void Updater::update(const std::vector<std::size_t>& positions, const std::vector<Setting>& settings,
                     Plan& plan) {
  for (std::size_t const position : positions) change(position, settings, plan);
  finish(plan);
}

/// A transient interface has the MAC of its persistent partner.
void Updater::resolve_stable_macs() {
  const auto is_stable = [](const Pending& one) { return one.after.get("mac") == "stable"; };
  if (std::ranges::none_of(pending_, is_stable)) return;
  std::vector<Interface> present;
  for (const Element& element : document_.domain.interfaces) present.push_back(read_interface(element));
  const auto resolve = [&](Pending& one, bool transient) {
    if (one.after.get("mac") != "stable" || one.before.get("mac") == "stable") return;
    if (transient != (one.after.get("teaming.type") == "transient")) return;
    one.new_mac = true;
    const std::optional<std::size_t> partner = transient ? partner_of(one.after, present) : std::nullopt;
    if (!partner || present[*partner].get("mac").empty()) {
      resolve_stable_mac(one.after, one.same);
    } else {
      for (const char* key : {"mac.seed", "mac.prefix"}) one.after.erase(key);
      one.after.set("mac", std::string(present[*partner].get("mac")), one.after.find("mac")->place);
    }
    present[one.position - 1] = one.after;
  };
  for (const bool transient : {false, true})
    for (Pending& one : pending_) resolve(one, transient);
}

void Updater::require_teams() const {
  const auto teams = [](const Pending& one) { return one.after.find("teaming.type") != nullptr; };
  if (!has_teams_ && std::ranges::none_of(pending_, teams)) return;
  Outcome outcome;
  for (const Pending& one : pending_) outcome.changed.emplace(one.position - 1, one.after);
  std::vector<Message> faults = team_faults(document_, outcome);
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
}

Updater::Pending Updater::changed(std::size_t position, const std::vector<Setting>& settings, Plan& plan) {
  const Element& present = document_.domain.interfaces.at(position - 1);
  require_no_doubt(document_, present);
  std::string const what = describe(position, present);
  Interface before = read_interface(present);
  before.place = document_.place(present.begin);
  require_known_type(present, what, before.place);
  Changed changed = with_changes(before, settings, rules_.droppable(), what);
  std::move(changed.warnings.begin(), changed.warnings.end(), std::back_inserter(plan.warnings));
  leave_model_out(before, changed.interface);
  if (const std::string_view pattern = changed.interface.get("target.dev");
      is_device_pattern(pattern) && makes_device(pattern, document_.domain.name, before.get("target.dev")))
    changed.interface.set("target.dev", std::string(before.get("target.dev")));
  default_model(before, changed.interface, traits_of(document_.domain, rules_.arch));
  const bool leaves = changed.interface.get("source") != before.get("source") ||
                      changed.interface.get("type") != before.get("type");
  if (leaves && is_running_network(present) && present.at("source/@mode") == "private")
    plan.warnings.push_back({.severity = Severity::warning,
                             .place = before.place,
                             .text = what + " leaves network " + source_of(present) +
                                     ", which kept it from its neighbours by mode private"});
  return {position, what, std::move(before), std::move(changed.interface), false, same_of(mac_of(present))};
}

void Updater::finish(Pending& pending, Plan& plan) {
  auto& [position, what, before, after, new_mac, same] = pending;
  const Element& present = document_.domain.interfaces[position - 1];
  Interface left = before;  // what it still holds
  if (new_mac) left.erase("mac");
  if (names_by_pattern(after))
    after.set("target.dev", made_device_name(after, document_.domain, position, taken_, same.device));
  DomainTraits const traits = traits_of(document_.domain, rules_.arch, rules_.libvirt);
  throw_errors(check_change(before, after, &traits), what, before.place, plan);
  throw_errors(taken_.change(left, after), what, before.place, plan);

  Left left_behind = left_by(document_, position, before, after, traits, renderer_);
  std::ranges::move(left_behind.warnings, std::back_inserter(plan.warnings));
  Element const has = renderer_.make(after);
  plan.settled.push_back(settled(mac_of(present), has));
  std::vector<Edit> edits = reconcile(document_, present, left_behind.had, has, element_rules);
  if (edits.empty()) return;
  plan.changes.push_back({.kind = Change::Kind::changed,
                          .position = position,
                          .interface = has,
                          .details = details_of(before, after)});
  std::move(edits.begin(), edits.end(), std::back_inserter(plan.edits));
}

}  // namespace virt_iface
