// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "edit/live_view.hpp"
#include "edit/plan.hpp"
#include "live/change.hpp"
#include "view/select.hpp"
#include "xml/scan.hpp"

namespace virt_iface {

/// Which descriptions of a guest a command is about.
struct Views {
  bool config = false;
  bool live = false;
};

/// Of which description a plan is asked for, and of which of its interfaces.
struct Scope {
  View view = View::config;
  Views views{};                         ///< all that the command is about
  std::vector<std::size_t> positions{};  ///< that the selector means there
  const Plan* first = nullptr;           ///< of the guest's other description, made before
};

/// Decides what becomes of a document or a description of a guest.
using ScopedPlanner = std::function<Plan(const Document&, const Scope&)>;

/// What a command does to a guest.
struct GuestWork {
  std::optional<Selector> selector{};  ///< of update and detach
  ScopedPlanner plan{};
};

/// One description of a guest, before and after.
struct Side {
  Document before{};
  Document after{};  ///< the same when nothing changes
  Plan plan{};
  std::vector<std::vector<Inherited>> inherited{};  ///< of a running guest: see LiveView
};

struct GuestPlan {
  Guest guest{};
  std::optional<Side> config{};
  std::optional<Side> live{};
  std::vector<Message> differences{};  ///< that keep what is asked for from being changed, with --check

  bool changes() const;  ///< or would, were it not for the differences
  bool changes_live() const;
};

/// Plans the work on a guest; nothing is done yet. A selector is looked up in the running guest first (that
/// is what list shows), and means the interface with the same MAC in the configuration. `for_real`: the
/// configuration is read with its secrets, as a definition needs it, and an interface that is new in the
/// running guest gets its MAC, the same one where it is new in both.
GuestPlan plan_guest(const Connection& libvirt, const Guest& guest, Views views, const GuestWork& work,
                     Scanner& scanner, bool for_real);

/// What --check reports: the differences, and each change in each description.
std::vector<Message> drift_of(const GuestPlan& plan);

/// What changes, each change once where it is the same in both descriptions; what is added with the MAC that
/// it gets, where that is known before libvirt has it.
std::vector<Change> changes_of(const GuestPlan& plan);

/// The steps that make the plan true.
GuestChange change_of(const GuestPlan& plan);

}  // namespace virt_iface
