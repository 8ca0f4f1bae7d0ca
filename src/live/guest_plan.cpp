// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/guest_plan.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "edit/live_view.hpp"
#include "edit/mac.hpp"
#include "edit/verify.hpp"
#include "live/new_mac.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

using Positions = std::vector<std::size_t>;

std::string label(const Guest& guest, View view) {
  return guest.label + (view == View::live ? " (running)" : " (configuration)");
}

std::size_t added_by(const Plan& plan) {
  return static_cast<std::size_t>(std::ranges::count(plan.changes, Change::Kind::added, &Change::kind));
}

/// New interfaces stand behind those that were there.
std::span<const Element> new_interfaces(const Side& side) {
  const std::vector<Element>& all = side.after.domain.interfaces;
  return std::span(all).last(std::min(added_by(side.plan), all.size()));
}

Side make_side(Document before, Plan plan, Scanner& scanner) {
  std::string after = plan.edits.empty() ? before.bytes : splice(before, plan.edits).bytes;
  Document scanned = scanner.scan(std::move(after), before.file);
  require_as_decided(before, before.domain, plan.changes, scanned.domain);
  return {std::move(before), std::move(scanned), std::move(plan)};
}

// --- one interface in two descriptions ---

/// The position in `there` of the interface at `position` in `here` by what `name` calls it, the n-th where
/// several have one name; 0: of none.
std::size_t same_interface(const std::vector<Element>& here, std::size_t position,
                           const std::vector<Element>& there, const auto& name) {
  const std::string mine = name(here.at(position - 1));
  auto nth =
      std::ranges::count(here.begin(), here.begin() + static_cast<std::ptrdiff_t>(position), mine, name);
  for (std::size_t i = 0; i < there.size(); ++i)
    if (name(there[i]) == mine && --nth == 0) return i + 1;
  return 0;
}

/// The positions in `other` of the interfaces that stand at `positions` in `from`: those with the same MAC,
/// which the two of a team share.
Positions same_interfaces(const Document& from, const Positions& positions, const Document& other) {
  const auto in_team = [](const Element& interface) {
    return mac_of(interface).append(interface.at("teaming/@type"));
  };
  const std::vector<Element>& here = from.domain.interfaces;
  const std::vector<Element>& there = other.domain.interfaces;
  Positions found;
  for (const std::size_t position : positions) {
    if (mac_of(here.at(position - 1)).empty()) continue;
    std::size_t same = same_interface(here, position, there, in_team);
    if (same == 0) same = same_interface(here, position, there, mac_of);
    if (same != 0) found.push_back(same);
  }
  return found;
}

/// Those that are not there yet, in order.
void add_all(Positions& to, const Positions& more) {
  to.insert(to.end(), more.begin(), more.end());
  std::ranges::sort(to);
  to.erase(std::unique(to.begin(), to.end()), to.end());
}

Message absent(const Guest& guest, View view, const Selector& selector) {
  const std::string where = view == View::live ? "the running guest" : "the configuration of";
  return {Severity::note,
          {},
          where + " " + guest.label + " has no interface '" + selector.words.front() + "'",
          {}};
}

struct Selected {
  Positions config{};
  Positions live{};
};

Selected select_in(const Selector& selector, const Document* config, const Document* live) {
  if (live == nullptr) return {config == nullptr ? Positions{} : select(*config, selector), {}};
  if (selector.by == Selector::By::where) {
    // Those that it means in either are meant in both.
    Positions found = select(*live, selector);
    if (config == nullptr) return {{}, std::move(found)};
    Positions configured = select(*config, selector);
    add_all(found, same_interfaces(*config, configured, *live));
    add_all(configured, same_interfaces(*live, found, *config));
    return {std::move(configured), std::move(found)};
  }
  try {
    Positions found = select(*live, selector);
    return {config == nullptr ? Positions{} : same_interfaces(*live, found, *config), std::move(found)};
  } catch (const Error&) {
    // What waits in the configuration for the next start can be named too.
    if (config == nullptr) throw;
    try {
      Positions found = select(*config, selector);
      return {found, same_interfaces(*config, found, *live)};
    } catch (const Error&) {
    }
    throw;
  }
}

// --- one MAC for an interface that is new in both ---

/// An interface that lacks a MAC, and the one that it gets.
struct Gift {
  const Element* to = nullptr;
  std::string mac{};
};

bool same_source(const Element& a, const Element& b) {
  return type_of(a) == type_of(b) && source_of(a) == source_of(b);
}

std::vector<Gift> lacking(const Side& side) {
  std::vector<Gift> gifts;
  for (const Element& interface : new_interfaces(side))
    if (mac_of(interface).empty()) gifts.push_back({&interface, {}});
  return gifts;
}

/// The MAC of an interface on the same source that `other` has and `mine` does not: it is the same one.
std::string known_elsewhere(const Gift& gift, const Document& other, const std::set<std::string>& mine) {
  for (const Element& interface : other.domain.interfaces)
    if (same_source(interface, *gift.to) && !mine.contains(mac_of(interface))) return mac_of(interface);
  return {};
}

void choose(std::vector<Gift>& config_gifts, std::vector<Gift>& live_gifts, const Side& config,
            const Side& live) {
  std::set<std::string> in_config = macs_of(config.after.domain);
  std::set<std::string> in_live = macs_of(live.after.domain);
  std::set<std::string> taken = in_config;
  taken.insert(in_live.begin(), in_live.end());
  for (Gift& gift : config_gifts) {
    const auto twin = std::ranges::find_if(
        live_gifts, [&](const Gift& other) { return other.mac.empty() && same_source(*gift.to, *other.to); });
    if (twin == live_gifts.end()) gift.mac = known_elsewhere(gift, live.after, in_config);
    if (gift.mac.empty()) gift.mac = random_mac(taken);
    if (twin != live_gifts.end()) twin->mac = gift.mac;
    in_config.insert(gift.mac);
  }
  for (Gift& gift : live_gifts) {
    if (gift.mac.empty()) gift.mac = known_elsewhere(gift, config.after, in_live);
    if (gift.mac.empty()) gift.mac = random_mac(taken);
    in_live.insert(gift.mac);
  }
}

void give(Side& side, const std::vector<Gift>& gifts, Scanner& scanner) {
  if (gifts.empty()) return;
  std::vector<Edit> edits;
  edits.reserve(gifts.size());
  for (const Gift& gift : gifts) edits.push_back(give_mac(side.after, *gift.to, gift.mac));
  side.after = scanner.scan(splice(side.after, std::move(edits)).bytes, side.before.file);
}

void give_macs(GuestPlan& plan, Scanner& scanner) {
  if (!plan.live) return;  // libvirt chooses for the configuration
  static const Side none{};
  std::vector<Gift> live = lacking(*plan.live);
  std::vector<Gift> config = plan.config ? lacking(*plan.config) : std::vector<Gift>{};
  choose(config, live, plan.config ? *plan.config : none, *plan.live);
  give(*plan.live, live, scanner);
  if (plan.config) give(*plan.config, config, scanner);
}

/// The interface as libvirt is to get it: with what it has from its network, unless it says so itself.
std::string text_of(const Document& document, const Element& interface,
                    const std::vector<Inherited>& inherited) {
  std::string text(document.text().substr(interface.begin, interface.end - interface.begin));
  for (const Inherited& part : inherited)
    if (type_of(interface) == "network" && interface.child(part.name) == nullptr && !interface.empty_tag())
      text.insert(interface.content_end - interface.begin, part.text);
  return text;
}

std::vector<DeviceChange> device_changes(const Side& side) {
  std::vector<const Change*> by_position(side.before.domain.interfaces.size(), nullptr);
  for (const Change& change : side.plan.changes)
    if (change.position != 0) by_position.at(change.position - 1) = &change;
  const std::vector<Inherited> none;
  std::vector<DeviceChange> devices;
  std::size_t next = 0;  // in `after`: those that stay keep their order
  for (std::size_t i = 0; i < by_position.size(); ++i) {
    const Element& before = side.before.domain.interfaces[i];
    const bool removed = by_position[i] != nullptr && by_position[i]->kind == Change::Kind::removed;
    const Element* after = removed ? nullptr : &side.after.domain.interfaces.at(next++);
    if (by_position[i] == nullptr) continue;
    const std::vector<Inherited> inherited = i < side.inherited.size() ? side.inherited[i] : none;
    DeviceChange& device = devices.emplace_back();
    device = {.before = text_of(side.before, before, inherited), .before_mac = mac_of(before)};
    if (after == nullptr) continue;
    const bool stays = source_of(before) == source_of(*after);
    device.after = text_of(side.after, *after, stays ? inherited : none);
    device.after_mac = mac_of(*after);
  }
  for (const Element& added : new_interfaces(side))
    devices.push_back({.after = text_of(side.after, added, none), .after_mac = mac_of(added)});
  return devices;
}

/// The steps by which libvirt changes interfaces of a configuration one by one. None where it has to be given
/// as a whole: libvirt finds an interface there by its MAC, and another address is another interface's.
std::vector<DeviceChange> configured_changes(const Side& side) {
  const auto& all = side.before.domain.interfaces;
  std::vector<DeviceChange> devices = device_changes(side);
  const bool is_plain = std::ranges::all_of(devices, [&](const DeviceChange& device) {
    if (device.before.empty()) return true;
    const bool keeps_mac = device.after.empty() || device.before_mac == device.after_mac;
    return keeps_mac && std::ranges::count(all, device.before_mac, mac_of) == 1;
  });
  return is_plain ? devices : std::vector<DeviceChange>{};
}

bool differs(const std::optional<Side>& side) {
  return side && side->before.bytes != side->after.bytes;
}

/// `config`: its configuration where that was read already, or nullptr.
LiveView live_view(const Connection& libvirt, const Guest& guest, const Document* config, Scanner& scanner) {
  Document live = scanner.scan(libvirt.xml(guest, View::live, false), label(guest, View::live));
  std::optional<Document> own;
  if (config == nullptr)
    own = scanner.scan(libvirt.xml(guest, View::config, false), label(guest, View::config));
  const auto network = [&](const std::string& name) { return libvirt.network_xml(name); };
  return as_asked_for(std::move(live), own ? *own : *config, network, scanner);
}

}  // namespace

bool GuestPlan::changes() const {
  return differs(config) || differs(live) || !differences.empty();
}

bool GuestPlan::changes_live() const {
  return differs(live);
}

std::vector<Message> drift_of(const GuestPlan& plan) {
  std::vector<Message> drift = plan.differences;
  for (const auto* side : {&plan.config, &plan.live})
    if (*side) std::ranges::move(drift_of((*side)->plan, (*side)->before), std::back_inserter(drift));
  return drift;
}

GuestPlan plan_guest(const Connection& libvirt, const Guest& guest, Views views, const GuestWork& work,
                     Scanner& scanner, bool for_real) {
  std::optional<Document> config;
  std::optional<LiveView> live;
  if (views.config)
    config = scanner.scan(libvirt.xml(guest, View::config, for_real), label(guest, View::config));
  if (views.live) live = live_view(libvirt, guest, config ? &*config : nullptr, scanner);
  Selected selected;
  if (work.selector)
    selected = select_in(*work.selector, config ? &*config : nullptr, live ? &live->document : nullptr);
  GuestPlan guest_plan{.guest = guest};
  const auto side = [&](Document& document, View view, Positions& positions) {
    Plan plan;
    const bool none = work.selector && positions.empty();
    if (none && work.selector->by != Selector::By::where)
      plan.warnings.push_back(absent(guest, view, *work.selector));
    const Plan* first = guest_plan.config ? &guest_plan.config->plan : nullptr;
    if (!none) plan = work.plan(document, {view, views, std::move(positions), first});
    return make_side(std::move(document), std::move(plan), scanner);
  };
  if (config) guest_plan.config = side(*config, View::config, selected.config);
  if (live) guest_plan.live = side(live->document, View::live, selected.live);
  if (live) guest_plan.live->inherited = std::move(live->inherited);
  if (for_real) give_macs(guest_plan, scanner);
  return guest_plan;
}

std::vector<Change> changes_of(const GuestPlan& plan) {
  std::vector<Change> all;
  const auto same = [](const Change& a, const Change& b) {
    return a.kind == b.kind && a.details == b.details && type_of(a.interface) == type_of(b.interface) &&
           source_of(a.interface) == source_of(b.interface) && mac_of(a.interface) == mac_of(b.interface);
  };
  for (const std::optional<Side>* side : {&plan.config, &plan.live}) {
    if (!*side) continue;
    const std::size_t known = all.size();
    const std::span<const Element> added = new_interfaces(**side);
    std::size_t next = 0;
    for (Change change : (*side)->plan.changes) {
      if (change.kind == Change::Kind::added && next < added.size()) change.interface = added[next++];
      const auto end = all.begin() + static_cast<std::ptrdiff_t>(known);
      if (std::none_of(all.begin(), end, [&](const Change& other) { return same(change, other); }))
        all.push_back(std::move(change));
    }
  }
  return all;
}

GuestChange change_of(const GuestPlan& plan) {
  GuestChange change{.guest = plan.guest};
  if (differs(plan.config)) {
    change.config = plan.config->after.bytes;
    change.config_before = plan.config->before.bytes;
    change.devices = configured_changes(*plan.config);
  }
  if (differs(plan.live)) change.live = device_changes(*plan.live);
  return change;
}

}  // namespace virt_iface
