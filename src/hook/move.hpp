// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "hook/settings.hpp"
#include "xml/splice.hpp"

namespace virt_iface::hook {

/// A guest's document on its way to another source.
struct Moved {
  Spliced document{};
  std::vector<Message> warnings{};
  std::vector<std::string> moves{};  ///< `interface 1 (macvtap on nicA): source nicA -> nicB`
  bool changed = false;
};

/// Rewrites sources by the settings' maps. Throws Error (invalid), naming interface and rule, where that
/// would break libvirt's ABI check or take away what isolates the guest.
Moved move_sources(const Document& document, const Settings& settings);

/// What libvirt's ABI check would refuse of `after`: number and order of interfaces, MAC, model, device
/// address, virtio options, MTU (virDomainNetDefCheckABIStability). One text for each, beginning with the
/// position.
struct AbiFault {
  std::size_t position = 0;  ///< from 1; 0: of the whole document
  std::string text{};
};
std::vector<AbiFault> abi_faults(const Domain& before, const Domain& after);

}  // namespace virt_iface::hook
