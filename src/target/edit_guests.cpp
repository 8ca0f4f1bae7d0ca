// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/edit_guests.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/terminal.hpp"
#include "batch/diff.hpp"
#include "live/guest_checks.hpp"
#include "live/guest_locks.hpp"
#include "target/check_host.hpp"
#include "target/guest_results.hpp"
#include "target/guests.hpp"
#include "view/types.hpp"
#include "xml/schema.hpp"

namespace virt_iface {
namespace {

bool is_dry(const Arguments& arguments) {
  return arguments.has("diff") || arguments.has("check");
}

/// Plans what becomes of a guest, and checks it, before anything is changed.
class Planning {
 public:
  Planning(const Arguments& arguments, const Estate& estate, const Edits& edits)
      : arguments_(arguments),
        estate_(estate),
        work_{.selector = edits.selector, .plan = edits.make_planner(estate.libvirt.version())},
        scanner_({.huge = arguments.has("huge")}) {
    const std::string directory = arguments.text("validate");
    // Without a directory, the schema of a remote libvirt's own host counts: it checks the definition itself.
    checks_itself_ = arguments.has("validate") && directory.empty() && is_remote(estate.uri);
    if (arguments.has("validate") && !checks_itself_) schema_.emplace(directory);
    if (edits.asked.empty()) work_.plan = checked(work_.plan);
    if (arguments.has("check")) work_.plan = noting_differences(work_.plan);
  }

  GuestPlan plan(const Guest& guest) {
    GuestPlan plan =
        plan_guest(estate_.libvirt, guest, views_of(guest, arguments_), work_, scanner_, !is_dry(arguments_));
    require_networks([this]() -> const std::vector<Network>& { return networks(); }, plan);
    require_sources(arguments_, estate_.uri, plan);
    if (schema_) require_valid(*schema_, plan);
    plan.differences = std::exchange(differences_, {});
    return plan;
  }

  bool libvirt_checks() const { return checks_itself_; }
  Scanner& scanner() { return scanner_; }

 private:
  /// Asked for once: for each guest libvirt would have to answer as often as it has networks.
  const std::vector<Network>& networks() {
    if (!networks_) networks_ = estate_.libvirt.networks();
    return *networks_;
  }

  /// With --check what differs is an answer, no error, in each description of a guest.
  ScopedPlanner noting_differences(const ScopedPlanner& plan) {
    return [this, plan](const Document& document, const Scope& at) {
      try {
        return plan(document, at);
      } catch (const Error& error) {
        if (!error.has("differs")) throw;
        std::ranges::copy(error.messages(), std::back_inserter(differences_));
        return Plan{};
      }
    };
  }

  /// With --check-host.
  ScopedPlanner checked(const ScopedPlanner& plan) const {
    return [this, plan](const Document& document, const Scope& at) {
      return checked_on_host(arguments_, [&](const Document& same, const Plan*) { return plan(same, at); })(
          document, at.first);
    };
  }

  const Arguments& arguments_;
  const Estate& estate_;
  GuestWork work_;
  Scanner scanner_;
  std::optional<std::vector<Network>> networks_{};
  std::vector<Message> differences_{};  // of the guest that is planned
  bool checks_itself_ = false;
  std::optional<Schema> schema_{};
};

std::string diff_of(const Side& side) {
  return unified_diff(side.before.file, side.before.bytes, side.after.bytes,
                      differing_stretch(side.before.bytes, side.after.bytes), wants_colour(STDOUT_FILENO));
}

/// The diff, or a line for each change; and messages for whoever does not read those.
void print_change(const Arguments& arguments, const GuestPlan& plan) {
  const bool diff = arguments.has("diff");
  std::vector<Message> drift = drift_of(plan);
  write_all(STDOUT_FILENO, drift_lines(diff ? plan.differences : drift), "stdout");
  for (const auto* side : {&plan.config, &plan.live})
    if (diff && *side) write_all(STDOUT_FILENO, diff_of(**side), "stdout");
  const MessageStyle style = message_style(arguments.text("error-format"));
  if (!arguments.has("check") || style == MessageStyle::text) return;
  for (Message& one : drift) one.text.insert(0, std::exchange(one.place, {}).file + ": ");
  tell(drift, style);
}

/// The plans of all guests; nullopt for one that cannot be changed, with --keep-going.
using Plans = std::vector<std::optional<GuestPlan>>;

/// By the number of the guest's libvirt.
using Plannings = std::vector<std::unique_ptr<Planning>>;

Plans plan_all(const Arguments& arguments, const std::vector<Member>& members, Plannings& plannings,
               GuestResults& results) {
  Plans plans(members.size());
  for (std::size_t i = 0; i < plans.size(); ++i) {
    try {
      plans[i] = plannings[members[i].number]->plan(members[i].guest);
      results.say(warnings_of(*plans[i]));
      results.count("guests planned");
    } catch (const Error& error) {
      if (error.status() == Exit::usage) throw;
      if (!arguments.has("keep-going")) {
        results.stopped(i, error);
        throw;
      }
      results.failed(i, error);
    }
  }
  return plans;
}

/// The changes with the MACs that libvirt gave what is new in a configuration. Without them, where the guest
/// is gone by now.
std::vector<Change> with_macs(const Connection& libvirt, const GuestPlan& plan, Scanner& scanner) try {
  std::vector<Change> changes = changes_of(plan);
  const auto lacks = [](const Change& c) {
    return c.kind == Change::Kind::added && mac_of(c.interface).empty();
  };
  const auto count = static_cast<std::size_t>(std::ranges::count_if(changes, lacks));
  if (count == 0) return changes;
  const Document now = scanner.scan(libvirt.xml(plan.guest, View::config, false), plan.guest.name);
  const std::vector<Element>& all = now.domain.interfaces;
  std::size_t next = all.size() - std::min(all.size(), count);
  for (Change& change : changes)
    if (lacks(change) && next < all.size()) change.interface = all[next++];
  return changes;
} catch (const Error&) {
  return changes_of(plan);
}

void change_all(const Arguments& arguments, const std::vector<Member>& members, Plannings& plannings,
                const Plans& plans, GuestResults& results) {
  StopSignals const signals;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    if (!plans[i]) continue;
    try {
      const Connection& libvirt = members[i].estate.libvirt;
      Planning& planning = *plannings[members[i].number];
      GuestChange change = change_of(*plans[i]);
      change.replug = arguments.has("replug");
      change.validate = planning.libvirt_checks();
      carry_out(libvirt, change);
      results.done(i, *plans[i], with_macs(libvirt, *plans[i], planning.scanner()));
      results.count("guests");
    } catch (const Error& error) {
      results.failed(i, error);
      if (int const signal = stop_signal()) {
        results.finish();
        throw Interrupted{signal};
      }
      if (!arguments.has("keep-going")) return;
    }
  }
}

std::vector<Guest> guests_of(const std::vector<Member>& members) {
  std::vector<Guest> guests;
  guests.reserve(members.size());
  for (const Member& member : members) guests.push_back(member.guest);
  return guests;
}

}  // namespace

Exit edit_guests(const Arguments& arguments, const Edits& edits) {
  const bool dry = is_dry(arguments);
  if (edits.takes_away && arguments.has("all") && !arguments.has("yes") && !dry)
    throw Error(Exit::usage, "this removes interfaces from all guests", "say --yes if that is meant");
  const std::vector<Estate> estates = open_estates(arguments, dry ? Access::read : Access::write);
  const std::vector<Member> members = members_of(estates);
  std::optional<GuestLocks> locks;
  if (!dry) locks.emplace(guests_of(members));
  GuestResults results(arguments, estates);
  Plannings plannings;
  for (const Estate& estate : estates)
    plannings.push_back(std::make_unique<Planning>(arguments, estate, edits));
  Plans const plans = plan_all(arguments, members, plannings, results);
  const bool all_seen = std::ranges::all_of(plans, [](const auto& plan) { return plan.has_value(); });
  if (edits.closing && all_seen) results.say(edits.closing());
  if (dry) {
    for (std::size_t i = 0; i < plans.size(); ++i)
      if (plans[i]) {
        print_change(arguments, *plans[i]);
        results.done(i, *plans[i], changes_of(*plans[i]));
      }
  } else {
    change_all(arguments, members, plannings, plans, results);
  }
  return results.finish();
}

}  // namespace virt_iface
