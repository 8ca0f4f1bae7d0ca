// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/apply.hpp"

#include <sys/utsname.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "edit/mac.hpp"
#include "edit/read.hpp"
#include "edit/types.hpp"
#include "edit/unique.hpp"
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
    std::string equal;
    for (std::string_view key : {"type", "source", "vlan.tag"})
      equal.append(one.stated.get(key)).append("\n");
    std::size_t const ordinal = ordinals[equal]++;
    if (one.stated.get("mac") == "stable") one.stable = stable_mac(one.stated, domain, ordinal);
  }
}

/// Work on one document.
class Application {
 public:
  Application(const Document& document, const ApplyRequest& request, const std::vector<Wanted>& wanted,
              Renderer& renderer)
      : document_(document), request_(request), wanted_(wanted), renderer_(renderer) {}

  Plan run() {
    std::vector<Pair> pairs;
    if (request_.policy != Policy::append) pairs = pair_up(wanted_, document_.domain.interfaces);
    if (request_.policy == Policy::ensure) refuse_differences(pairs);
    if (request_.policy == Policy::converge || request_.policy == Policy::replace) converge(pairs);
    if (request_.policy == Policy::replace) remove_unwanted(pairs);
    add_missing(pairs);
    return std::move(plan_);
  }

 private:
  void refuse_differences(const std::vector<Pair>& pairs) const;
  void converge(const std::vector<Pair>& pairs);
  void converge(const Pair& pair);
  Interface before_of(const Pair& pair);
  void remove_unwanted(const std::vector<Pair>& pairs);
  void add_missing(const std::vector<Pair>& pairs);
  Element made(const Wanted& wanted, const std::string& mac) const;

  const Document& document_;
  const ApplyRequest& request_;
  const std::vector<Wanted>& wanted_;
  Renderer& renderer_;
  Plan plan_{};
};

void Application::refuse_differences(const std::vector<Pair>& pairs) const {
  std::vector<Message> messages;
  for (const Pair& pair : pairs)
    for (const Difference& difference : pair.differences) {
      const Element& present = document_.domain.interfaces[pair.present];
      const Interface& stated = wanted_[pair.wanted].stated;
      const Setting* setting = stated.find(difference.key);
      auto quoted = [](const std::string& value) { return value.empty() ? "none" : "'" + value + "'"; };
      messages.push_back(
          {.place = document_.place(present.begin),
           .text = describe(pair.present + 1, present) + ": " + difference.key + " is " +
                   quoted(difference.present) + ", " + place_text(setting ? setting->place : stated.place) +
                   " asks for " + quoted(difference.wanted),
           .cure = "change it with --policy converge or update, or add another with --policy append"});
    }
  throw_if_any(std::move(messages));
}

void Application::converge(const std::vector<Pair>& pairs) {
  for (const Pair& pair : pairs)
    if (!pair.differences.empty() || request_.strict) converge(pair);
}

/// What of the present one is to go: nothing, or under --strict all that was not stated but what libvirt and
/// the guest know it by.
Interface Application::before_of(const Pair& pair) {
  Interface before;
  if (!request_.strict) return before;
  const Interface& complete = wanted_[pair.wanted].complete;
  for (const Setting& setting : read_interface(document_.domain.interfaces[pair.present]).settings) {
    constexpr std::array<std::string_view, 5> kept{"type", "mac", "alias.name", "target.dev",
                                                   "virtualport.type"};
    bool const stays = complete.find(setting.key) || setting.key.starts_with("address.") ||
                       setting.key.starts_with("virtualport.parameters.") ||
                       std::find(kept.begin(), kept.end(), setting.key) != kept.end();
    if (stays) continue;
    before.set(setting.key, setting.value);
    plan_.warnings.push_back({.severity = Severity::warning,
                              .place = document_.place(document_.domain.interfaces[pair.present].begin),
                              .text = describe(pair.present + 1, document_.domain.interfaces[pair.present]) +
                                      " loses " + setting.key + " = " + setting.value +
                                      ", which was not stated"});
  }
  return before;
}

void Application::converge(const Pair& pair) {
  const Element& present = document_.domain.interfaces[pair.present];
  Interface stated = wanted_[pair.wanted].stated;
  if (stated.get("mac") == "stable") stated.erase("mac");  // whatever it has, it keeps
  Interface const before = before_of(pair);
  Interface after;
  std::string details;
  for (const Difference& difference : pair.differences) {
    if (difference.wanted.empty()) {
      plan_.warnings.push_back({.severity = Severity::warning,
                                .place = document_.place(present.begin),
                                .text = describe(pair.present + 1, present) + " keeps " + difference.key +
                                        " = " + difference.present + ", which was not asked for",
                                .cure = "take it away with update " + difference.key + "="});
      continue;
    }
    details.append(details.empty() ? "" : ", ").append(difference.key).append(" ");
    details.append(difference.present.empty() ? "-" : difference.present)
        .append(" -> ")
        .append(difference.wanted);
  }
  Element had{.name = "interface"};
  if (!before.settings.empty()) had = renderer_.render(before);
  std::vector<Edit> edits = reconcile(document_, present, had, renderer_.render(stated));
  if (edits.empty()) return;
  plan_.changes.push_back({.kind = Change::Kind::changed,
                           .position = pair.present + 1,
                           .interface = renderer_.render(stated),
                           .details = details});
  std::move(edits.begin(), edits.end(), std::back_inserter(plan_.edits));
}

void Application::remove_unwanted(const std::vector<Pair>& pairs) {
  std::vector<bool> paired(document_.domain.interfaces.size());
  for (const Pair& pair : pairs) paired[pair.present] = true;
  for (std::size_t i = 0; i < paired.size(); ++i) {
    if (!paired[i] && (request_.all_types || shape_of(document_.domain.interfaces[i])))
      add_removal(document_, i + 1, plan_);
  }
}

Element Application::made(const Wanted& wanted, const std::string& mac) const {
  Element element = *wanted.element;
  if (wanted.stable.empty()) return element;
  for (Element& child : element.children)
    if (child.name == "mac") child.attributes = {{"address", mac}};
  return element;
}

void Application::add_missing(const std::vector<Pair>& pairs) {
  std::vector<Element> added;
  std::vector<Message> faults;
  std::optional<Taken> taken;
  std::vector<bool> paired(wanted_.size());
  for (const Pair& pair : pairs) paired[pair.wanted] = true;
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    if (paired[i]) continue;
    if (!taken) taken.emplace(document_.domain);
    Interface named = wanted_[i].complete;
    std::string mac = wanted_[i].stable;
    for (std::size_t ordinal = 0; !mac.empty() && taken->has_mac(mac); ++ordinal)
      mac = stable_mac(wanted_[i].stated, document_.domain, ordinal);
    if (!mac.empty()) named.set("mac", mac);
    std::vector<Message> const found = taken->take(named);
    faults.insert(faults.end(), found.begin(), found.end());
    added.push_back(made(wanted_[i], mac));
    plan_.changes.push_back({.kind = Change::Kind::added, .interface = added.back()});
  }
  throw_if_any(std::move(faults));
  std::vector<Edit> edits = insert_interfaces(document_, added);
  std::move(edits.begin(), edits.end(), std::back_inserter(plan_.edits));
}

}  // namespace

DomainTraits traits_of(const Domain& domain, const std::string& arch) {
  DomainTraits traits{.arch = domain.arch, .type = domain.type};
  if (traits.arch.empty()) traits.arch = arch.empty() ? host_arch() : arch;
  return traits;
}

const std::vector<Wanted>& Applier::prepared(const DomainTraits& traits, std::vector<Message>& warnings) {
  auto [entry, is_new] = prepared_.try_emplace(traits.arch + '\n' + traits.type);
  Prepared& result = entry->second;
  if (is_new) {
    std::vector<Message> errors;
    for (Interface& interface : virt_iface::wanted(request_.spec, traits.arch, request_.implied_network)) {
      Wanted one{.stated = interface, .complete = with_defaults(interface, traits)};
      for (Message& message : check(one.complete, &traits))
        (message.severity == Severity::error ? errors : result.warnings).push_back(std::move(message));
      if (one.stated.get("model") == "libvirt") one.stated.erase("model");
      result.wanted.push_back(std::move(one));
    }
    if (!errors.empty()) prepared_.erase(entry);
    throw_if_any(std::move(errors));
    for (Wanted& one : result.wanted) one.element = &renderer_.render(one.complete);
    warnings = result.warnings;  // once a run, not once a document
  }
  return result.wanted;
}

Plan Applier::plan(const Document& document) {
  std::vector<Message> warnings;
  const std::vector<Wanted>& shared = prepared(traits_of(document.domain, request_.arch), warnings);
  bool const nothing_meant = request_.spec.networks.has_value() && request_.spec.networks->empty();
  if (request_.policy == Policy::replace && shared.empty() && !nothing_meant)
    throw Error(Exit::invalid, "nothing is wanted, and --policy replace would take every interface away",
                "write `networks =` under [main] if that is meant");
  bool const stable = std::any_of(shared.begin(), shared.end(),
                                  [](const Wanted& w) { return w.stated.get("mac") == "stable"; });
  std::vector<Wanted> own;
  if (stable) {
    own = shared;
    fill_in_stable_macs(own, document.domain);
  }
  Plan plan = Application(document, request_, stable ? own : shared, renderer_).run();
  plan.warnings.insert(plan.warnings.begin(), warnings.begin(), warnings.end());
  return plan;
}

}  // namespace virt_iface
