// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "hook/settings.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// What was found before a start.
struct Checked {
  std::vector<Message> faults{};    ///< what the guest could not start or work with
  std::vector<std::string> done{};  ///< `set nicA up`, `made the Open vSwitch bridge vswitch1`
};

/// Looks whether this host has what the guest's interfaces sit on; with `act` also does what `bring_up` and
/// `create_ovs_bridges` say (else tells what it would do).
Checked check_sources(const Document& document, const Settings& settings, bool act);

/// The Open vSwitch bridges that a guest is on.
std::set<std::string> ovs_bridges_of(const Document& document);

/// Removes those of our Open vSwitch bridges that no guest has claimed and that have no port, whoever left
/// them behind; their names. Throws Error (system) where Open vSwitch does not answer.
std::vector<std::string> remove_unused_bridges();

}  // namespace virt_iface::hook
