// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "hook/settings.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// What a guest lacks of what is asked for. What cannot be added does not stand in the way of what can: only
/// interfaces on one source, which are paired together, stand and fall together.
struct Missing {
  std::vector<Element> interfaces{};  ///< as `apply` would add them
  std::vector<Message> faults{};
  /// What a running guest's network gave its interfaces (a VLAN) looks as if the guest had it of its own:
  /// only libvirt can tell whether the faults are some.
  bool certain = true;
};
Missing missing_interfaces(const Document& document, const Settings& settings);

}  // namespace virt_iface::hook
