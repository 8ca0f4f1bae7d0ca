// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// Throws Error (invalid) with all that this libvirt cannot carry of the interfaces; 0: any carries them.
void require_carried(const std::vector<Interface>& interfaces, Libvirt libvirt);

}  // namespace virt_iface
