// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/apply.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <optional>
#include <set>

#include "edit/converge.hpp"
#include "edit/device_name.hpp"
#include "edit/mac.hpp"
#include "edit/teaming.hpp"
#include "edit/unique.hpp"
#include "edit/update.hpp"
#include "table/keys.hpp"
#include "table/values.hpp"
#include "view/types.hpp"
#include "xml/insert.hpp"
#include "xml/reconcile.hpp"

namespace virt_iface {
namespace {

std::string host_arch() {
  struct utsname host {};
  return ::uname(&host) == 0 ? host.machine : "";
}

void throw_if_any(std::vector<Message> messages) {
  if (!messages.empty()) throw Error(Exit::invalid, std::move(messages));
}

std::string place_text(const Place& place) {
  if (place.line == 0) return place.file.empty() ? "the request" : place.file;
  return place.file + ':' + std::to_string(place.line);
}

/// The stable MACs of the wanted ones, for comparison: by their ordinal among equals.
void fill_in_stable_macs(std::vector<Wanted>& wanted, const Domain& domain) {
  std::map<std::string, std::size_t> ordinals;
  for (Wanted& one : wanted) {
    std::size_t const ordinal = ordinals[equals_of(one.stated)]++;
    if (one.stated.get("mac") == "stable") one.stable = stable_mac(one.stated, domain, ordinal);
  }
}

/// What stands for each wanted one in a snapshot's other domain, which comes later.
std::vector<Settled> found_in_other(const std::vector<Wanted>& wanted, const Document& document) {
  std::vector<Settled> found(wanted.size());
  if (!document.inactive_domain) return found;
  const std::vector<Element>& others = document.inactive_domain->interfaces;
  for (const Pair& pair : pair_up(wanted, others))
    found[pair.wanted] = settled(mac_of(others[pair.present]), others[pair.present]);
  return found;
}

/// One interface has one MAC and one device in both descriptions of the guest.
void make_as(std::vector<Wanted>& wanted, const std::vector<Settled>& other) {
  if (wanted.size() != other.size()) return;  // of another architecture
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    wanted[i].same = other[i];
    if (!wanted[i].stable.empty() && !other[i].mac.empty()) wanted[i].stable = other[i].mac;
  }
}

void set_attribute(Element& element, std::string_view child, std::string_view name,
                   const std::string& value) {
  for (Element& one : element.children)
    for (Attribute& attribute : one.attributes)
      if (one.name == child && attribute.name == name) attribute.value = value;
}

/// Work on one document.
class Application {
 public:
  Application(const Document& document, const Plan* first, const ApplyRequest& request,
              const std::vector<Wanted>& wanted, Renderer& renderer)
      : document_(document), first_(first), request_(request), wanted_(wanted), renderer_(renderer) {}

  Plan run() {
    std::vector<Pair> pairs;
    if (request_.policy != Policy::append) {
      for (const Element& present : document_.domain.interfaces) require_no_doubt(document_, present);
      pairs = pair_up(wanted_, document_.domain.interfaces, macs_of_first());
    }
    plan_.settled.resize(wanted_.size());
    for (const Pair& pair : pairs) {
      const Element& present = document_.domain.interfaces[pair.present];
      plan_.settled[pair.wanted] = settled(mac_of(present), present);
    }
    std::vector<const Wanted*> const missing = missing_of(pairs);
    check_missing(missing);
    if (request_.policy == Policy::ensure) refuse_differences(pairs);
    if (request_.policy == Policy::converge || request_.policy == Policy::replace) decide_changes(pairs);
    if (request_.policy == Policy::replace) remove_unwanted(pairs);
    change();
    add(missing);
    outcome_.removed = leaving_;
    std::ranges::move(lost_partners(document_, leaving_), std::back_inserter(plan_.warnings));
    if (faults_.empty()) add_faults(team_faults(document_, outcome_));
    throw_if_any(std::move(faults_));
    return std::move(plan_);
  }

 private:
  std::vector<std::string> macs_of_first() const;
  std::vector<const Wanted*> missing_of(const std::vector<Pair>& pairs) const;
  void check_missing(const std::vector<const Wanted*>& missing);
  void refuse_differences(const std::vector<Pair>& pairs) const;
  bool lacks_stable_mac(const Pair& pair) const;
  bool has_known_type(const Pair& pair) const { return row_of(document_.domain.interfaces[pair.present]); }
  void decide_changes(const std::vector<Pair>& pairs);
  void change();
  void remove_unwanted(const std::vector<Pair>& pairs);
  void add(const std::vector<const Wanted*>& missing);
  const Interface& named(const Wanted& wanted, std::size_t position);
  Element made(const Wanted& wanted, const Interface& named) const;
  Taken& taken();
  void add_faults(std::vector<Message> found);
  void sort_out(std::vector<Message> found, std::size_t present);

  const Document& document_;
  const Plan* first_;  // of the guest's other description, where that came first
  const ApplyRequest& request_;
  const std::vector<Wanted>& wanted_;
  Renderer& renderer_;
  Plan plan_{};
  std::vector<Convergence> changes_{};
  std::set<std::size_t> leaving_{};  // what is removed does not stand in the way of what comes
  std::optional<Taken> taken_{};
  std::vector<Message> faults_{};
  Outcome outcome_{};
  std::deque<Interface> named_{};  // what is added with values of this document's own
};

/// Of each wanted one, whom it is paired with in the first description of the guest: its MAC.
std::vector<std::string> Application::macs_of_first() const {
  if (first_ == nullptr || first_->settled.size() != wanted_.size()) return {};
  std::vector<std::string> macs;
  macs.reserve(wanted_.size());
  for (const Settled& one : first_->settled) macs.push_back(one.before);
  return macs;
}

/// Those without a pair.
std::vector<const Wanted*> Application::missing_of(const std::vector<Pair>& pairs) const {
  std::vector<bool> paired(wanted_.size());
  for (const Pair& pair : pairs) paired[pair.wanted] = true;
  std::vector<const Wanted*> result;
  for (std::size_t i = 0; i < wanted_.size(); ++i)
    if (!paired[i]) result.push_back(&wanted_[i]);
  return result;
}

/// What is out of a list was not checked before: what is there already needs no leave.
void Application::check_missing(const std::vector<const Wanted*>& missing) {
  std::vector<Message> errors;
  const auto sort = [&](const std::vector<Message>& messages) {
    for (const Message& message : messages)
      (message.severity == Severity::error ? errors : plan_.warnings).push_back(message);
  };
  for (const Wanted* wanted : missing) {
    sort(wanted->unless_there);
    if (!wanted->stated.listed) continue;
    DomainTraits const traits = traits_of(document_.domain, request_.arch, request_.libvirt);
    sort(check(wanted->complete, &traits));
  }
  throw_if_any(std::move(errors));
}

std::string hint_for(const Difference& difference, const Element& present) {
  const Key* key = find_key(difference.key);
  if (difference.wanted.empty() && is_running_network(present) && key && key->means(meaning::inherited))
    return "it may come from its network; use virsh dumpxml --inactive";
  return std::string(difference.wanted.empty() ? "ask for it too, remove it with update"
                                               : "change it with --policy converge or update") +
         ", or add another with --policy append";
}

void Application::refuse_differences(const std::vector<Pair>& pairs) const {
  std::vector<Message> messages;
  for (const Pair& pair : pairs)
    for (const Difference& difference : pair.differences) {
      const Element& present = document_.domain.interfaces[pair.present];
      const Interface& stated = wanted_[pair.wanted].stated;
      const Setting* setting = stated.find(difference.key);
      auto quoted = [&](const std::string& value) {
        return value.empty() ? "none" : "'" + shown(difference.key, value) + "'";
      };
      messages.push_back({.place = document_.place(present.begin),
                          .text = describe(pair.present + 1, present) + ": " + difference.key + " is " +
                                  quoted(difference.present) + ", " +
                                  place_text(setting ? setting->place : stated.place) + " asks for " +
                                  quoted(difference.wanted),
                          .hint = hint_for(difference, present),
                          .id = "differs"});
    }
  throw_if_any(std::move(messages));
}

/// A stable MAC is never put in place of one that is there.
bool Application::lacks_stable_mac(const Pair& pair) const {
  return !wanted_[pair.wanted].stable.empty() && mac_of(document_.domain.interfaces[pair.present]).empty();
}

void Application::decide_changes(const std::vector<Pair>& pairs) {
  for (const Pair& one : pairs) {
    const Wanted& wanted = wanted_[one.wanted];
    const Pair pair = with_unasked(one, wanted, document_.domain.interfaces[one.present]);
    if (!pair.differences.empty() || lacks_stable_mac(pair) || (request_.strict && has_known_type(pair)))
      changes_.push_back(
          converged(document_, wanted, pair, {.strict = request_.strict, .drop = request_.drop}));
  }
}

/// Everything that is taken by what stays.
Taken& Application::taken() {
  if (!taken_) taken_.emplace(document_, leaving_, first_);
  return *taken_;
}

void Application::add_faults(std::vector<Message> found) {
  std::move(found.begin(), found.end(), std::back_inserter(faults_));
}

/// What there is to say of a present interface as it would be.
void Application::sort_out(std::vector<Message> found, std::size_t present) {
  const Element& interface = document_.domain.interfaces[present];
  for (Message& message : found) {
    if (message.place.file.empty()) message.place = document_.place(interface.begin);
    message.text = describe(present + 1, interface) + ": " + message.text;
    (message.severity == Severity::error ? faults_ : plan_.warnings).push_back(std::move(message));
  }
}

void Application::change() {
  if (changes_.empty()) return;
  DomainTraits const traits = traits_of(document_.domain, request_.arch, request_.libvirt);
  for (const Convergence& c : changes_) taken().release(c.before, c.after);
  for (Convergence& c : changes_) {
    if (names_by_pattern(c.after))
      c.after.set("target.dev", made_device_name(c.after, document_.domain, c.present + 1, taken(),
                                                 wanted_[c.wanted].same.device));
    std::move(c.warnings.begin(), c.warnings.end(), std::back_inserter(plan_.warnings));
    add_faults(taken().change(c.before, c.after));
    sort_out(check_change(c.before, c.after, &traits), c.present);
    outcome_.changed.emplace(c.present, c.after);
    const Element& present = document_.domain.interfaces[c.present];
    Left left = left_by(document_, c.present + 1, c.before, c.after, traits, renderer_);
    std::ranges::move(left.warnings, std::back_inserter(plan_.warnings));
    const Element has = renderer_.make(c.after);
    plan_.settled[c.wanted] = settled(mac_of(present), has);
    std::vector<Edit> edits = reconcile(document_, present, left.had, has, element_rules);
    if (edits.empty()) continue;
    plan_.changes.push_back({.kind = Change::Kind::changed,
                             .position = c.present + 1,
                             .interface = has,
                             .details = details_of(c.before, c.after)});
    std::move(edits.begin(), edits.end(), std::back_inserter(plan_.edits));
  }
}

void Application::remove_unwanted(const std::vector<Pair>& pairs) {
  std::vector<bool> paired(document_.domain.interfaces.size());
  for (const Pair& pair : pairs) paired[pair.present] = true;
  std::vector<std::size_t> gone;
  for (std::size_t i = 0; i < paired.size(); ++i)
    if (!paired[i] && (request_.all_types || is_replaced(document_.domain.interfaces[i])))
      gone.push_back(i + 1);
  for (const std::size_t position : gone) leaving_.insert(position - 1);
  if (!gone.empty()) add_removals(document_, gone, plan_);
}

/// With the MAC and the name of its device that it gets in this document.
const Interface& Application::named(const Wanted& wanted, std::size_t position) {
  std::string mac = wanted.stable;
  for (std::size_t ordinal = 0; !mac.empty() && !taken().is_free("mac", mac, wanted.same.mac); ++ordinal)
    mac = stable_mac(wanted.stated, document_.domain, ordinal);
  const bool by_pattern = names_by_pattern(wanted.stated);
  if (mac.empty() && !by_pattern) return wanted.complete;
  Interface& named = named_.emplace_back(wanted.complete);
  if (!mac.empty()) named.set("mac", mac);
  if (by_pattern)
    named.set("target.dev", made_device_name(named, document_.domain, position, taken(), wanted.same.device));
  return named;
}

/// With the values that are its own in this domain.
Element Application::made(const Wanted& wanted, const Interface& named) const {
  Element element = wanted.element != nullptr ? *wanted.element : renderer_.render(wanted.complete);
  if (!wanted.stable.empty()) set_attribute(element, "mac", "address", std::string(named.get("mac")));
  if (names_by_pattern(wanted.stated))
    set_attribute(element, "target", "dev", std::string(named.get("target.dev")));
  return element;
}

void Application::add(const std::vector<const Wanted*>& missing) {
  std::vector<Element> added;
  added.reserve(missing.size());
  for (const Wanted* wanted : missing) {
    const std::size_t stay = document_.domain.interfaces.size() - leaving_.size();
    const Interface& interface = named(*wanted, stay + added.size() + 1);
    if (may_clash(interface)) add_faults(taken().take(interface));
    outcome_.added.push_back(&interface);
    added.push_back(made(*wanted, interface));
    plan_.settled[static_cast<std::size_t>(wanted - wanted_.data())] = settled({}, added.back());
  }
  std::vector<Edit> edits = insert_interfaces(document_, added);
  std::move(edits.begin(), edits.end(), std::back_inserter(plan_.edits));
  for (Element& element : added)
    plan_.changes.push_back({.kind = Change::Kind::added, .interface = std::move(element)});
}

}  // namespace

DomainTraits traits_of(const Domain& domain, const std::string& arch, Libvirt libvirt) {
  DomainTraits traits{.arch = domain.arch, .type = domain.type, .libvirt = libvirt};
  if (traits.arch.empty()) {
    traits.assumed = arch.empty();
    traits.arch = arch.empty() ? host_arch() : arch;
  }
  // Of a bare <interface> nothing is known of its domain.
  traits.shares_memory = domain.type.empty() || domain.shares_memory;
  return traits;
}

Applier::Prepared& Applier::prepared(const DomainTraits& traits) {
  auto [entry, is_new] =
      prepared_.try_emplace(traits.arch + '\n' + traits.type + (traits.shares_memory ? "" : "\nown memory"));
  Prepared& result = entry->second;
  if (is_new) {
    std::vector<Message> errors;
    if (request_.implied_network) result.warnings = implied_network(request_.spec, traits.arch);
    for (Interface& interface : virt_iface::wanted(request_.spec, traits.arch, request_.implied_network)) {
      Wanted one{.stated = interface, .complete = with_defaults(interface, traits)};
      for (Message& message : one.stated.listed ? std::vector<Message>{} : check(one.complete, &traits)) {
        if (message.id == unless_there || message.id == needs_libvirt) {
          one.unless_there.push_back(std::move(message));
          continue;
        }
        (message.severity == Severity::error ? errors : result.warnings).push_back(std::move(message));
      }
      if (one.stated.get("model") == "libvirt") one.stated.erase("model");
      result.wanted.push_back(std::move(one));
    }
    if (!errors.empty()) prepared_.erase(entry);
    throw_if_any(std::move(errors));
    for (Wanted& one : result.wanted)
      if (!one.stated.listed) one.element = &renderer_.render(one.complete);
  }
  return result;
}

Plan Applier::plan(const Document& document, const Plan* first) {
  Prepared& request = prepared(traits_of(document.domain, request_.arch, request_.libvirt));
  const std::vector<Wanted>& shared = request.wanted;
  bool const nothing_meant = request_.spec.networks.has_value() && request_.spec.networks->empty();
  if (request_.policy == Policy::replace && shared.empty() && !nothing_meant)
    throw Error(Exit::invalid, "nothing is wanted, and --policy replace would remove every interface",
                "write `networks =` under [main] if that is meant");
  bool const made = std::any_of(shared.begin(), shared.end(), [](const Wanted& w) {
    return w.stated.get("mac") == "stable" || names_by_pattern(w.stated);
  });
  std::vector<Wanted> own;
  if (made) {
    own = shared;
    fill_in_stable_macs(own, document.domain);
    for (Wanted& one : own)
      if (names_by_pattern(one.stated)) one.guest = document.domain.name;
    if (first != nullptr)
      make_as(own, first->settled);
    else if (request_.policy != Policy::append)
      make_as(own, found_in_other(own, document));
  }
  Plan plan = Application(document, first, request_, made ? own : shared, renderer_).run();
  // Once a run, not once a document: with the first that is not refused.
  plan.warnings.insert(plan.warnings.begin(), request.warnings.begin(), request.warnings.end());
  request.warnings.clear();
  return plan;
}

}  // namespace virt_iface
