// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// Which of what isolates a guest may be lost, and how a hint says that it may.
struct Droppable {
  std::vector<std::string> words{};  ///< as isolating_words(), or keys
  std::string front = "say --drop ";
  std::string back{};
  Libvirt libvirt = 0;  ///< what it cannot carry goes too
};

/// Throws Error (usage) for a word that names nothing that isolates a guest.
void require_isolating(const std::vector<std::string>& drop);

/// An interface whose keys were changed.
struct Changed {
  Interface interface {};
  std::vector<Message> warnings{};  ///< of what it lost
};

/// `before` with `settings`; an empty value removes a key (`filterref.parameter.`: all of the family). What
/// its new type, mode, virtual port or model cannot carry goes, with a warning; what isolates the guest only
/// if `drop` names it, or a port group if a VLAN is asked for in its place. `what` is the interface's name
/// for messages, which stand where the lost key does, else where the interface does. Throws Error (invalid):
/// another type without another source, a loss that `drop` does not name. Nothing else of the result is
/// checked.
Changed with_changes(const Interface& before, const std::vector<Setting>& settings, const Droppable& drop,
                     const std::string& what);

}  // namespace virt_iface
