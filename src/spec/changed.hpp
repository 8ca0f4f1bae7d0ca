// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/interface.hpp"

namespace virt_iface {

/// What isolates a guest, as --drop names it.
std::span<const std::string_view> isolating_keys();

/// Throws Error (usage) for a word that names nothing that isolates a guest.
void require_isolating(const std::vector<std::string>& drop);

/// An interface whose keys were changed.
struct Changed {
  Interface interface {};
  std::vector<Message> warnings{};  ///< of what it lost
};

/// `before` with `settings`; an empty value takes a key away. What its new type or mode cannot carry goes,
/// with a warning; what isolates the guest only if `drop` names it. `what` is the interface's name for
/// messages, which stand where the lost key does, else where the interface does. Throws Error (invalid):
/// another type without another source, a loss that `drop` does not name. Nothing else of the result is
/// checked.
Changed with_changes(const Interface& before, const std::vector<Setting>& settings,
                     const std::vector<std::string>& drop, const std::string& what);

}  // namespace virt_iface
