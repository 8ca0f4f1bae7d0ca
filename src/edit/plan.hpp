// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "table/interface.hpp"
#include "xml/splice.hpp"

namespace virt_iface {

/// One change to a guest's interfaces, for reports and for a running guest.
struct Change {
  enum class Kind { added, changed, removed } kind = Kind::added;
  std::size_t position = 0;  ///< of the interface that was there, from 1; 0 for an added one
  Element interface {};      ///< as it is afterwards; a removed one as it was
  std::string details{};     ///< `mode vepa -> bridge`; for a changed one
};

/// What an interface has afterwards that is to be the same in the guest's other description.
struct Settled {
  std::string before{};  ///< its MAC, or empty
  std::string mac{};
  std::string device{};
};

/// What a command would do to a document: nothing is done yet.
struct Plan {
  std::vector<Edit> edits{};
  std::vector<Change> changes{};
  std::vector<Message> warnings{};
  std::vector<Message> differences{};  ///< with --check: what ensure refuses to change
  std::vector<Settled> settled{};      ///< apply: of each wanted one; else of each that was meant, in order
};

Settled settled(const std::string& before, const Element& after);

/// `interface 2 (macvtap on eth0)`; `position` counts from 1.
std::string describe(std::size_t position, const Element& interface);

/// The differences, and of each change of a plan for a document: `interface 2 (ovs on vswitch0) would be
/// added`, at the interface.
/// One that is added stands behind those that stay.
std::vector<Message> drift_of(const Plan& plan, const Document& document);

/// As --check prints it on stdout: `web1.xml: interface 2 (ovs on vswitch0) would be added`, a line each.
std::string drift_lines(const std::vector<Message>& drift);

/// What changes, for people: `mode vepa -> bridge, link.state - -> down`.
std::string details_of(const Interface& before, const Interface& after);

/// Removes the interfaces at `positions` (from 1). Throws Error (invalid) for one that comes out of an
/// entity, and for a document without a domain.
void add_removals(const Document& document, const std::vector<std::size_t>& positions, Plan& plan);

/// The plan that removes them and does nothing else. Throws Error (invalid) also for the partner of a
/// failover interface that stays.
Plan removal(const Document& document, const std::vector<std::size_t>& positions);

}  // namespace virt_iface
