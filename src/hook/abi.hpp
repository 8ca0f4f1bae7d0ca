// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface::hook {

/// What libvirt's ABI check would refuse of `after`: number and order of interfaces, MAC, model, device
/// address, virtio options, MTU (virDomainNetDefCheckABIStability). One text for each, beginning with the
/// position.
struct AbiFault {
  std::size_t position = 0;  ///< from 1; 0: of the whole document
  std::string text{};
};
std::vector<AbiFault> abi_faults(const Domain& before, const Domain& after);

}  // namespace virt_iface::hook
