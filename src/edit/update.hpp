// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "edit/plan.hpp"
#include "edit/render.hpp"
#include "spec/interface.hpp"

namespace virt_iface {

struct UpdateRules {
  std::vector<std::string> drop{};  ///< isolating keys (vlan, port.isolated, filterref) that may be lost
  std::string arch{};               ///< of a document that does not say it
};

/// Throws Error (usage) for a word that names none of the keys that UpdateRules::drop is for.
void require_isolating(const std::vector<std::string>& drop);

/// Changes keys of the interface at `position` (from 1); an empty value takes the key away. What the
/// interface's new type cannot carry goes, with a warning; what isolates the guest only if `drop` names it.
/// Throws Error (invalid): a type we do not make, a value that the interface or the domain cannot have.
void add_update(const Document& document, std::size_t position, const std::vector<Setting>& settings,
                const UpdateRules& rules, Renderer& renderer, Plan& plan);

}  // namespace virt_iface
