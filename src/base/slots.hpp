// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace virt_iface {

/// True if libvirt, or QEMU through it, says that a guest has no PCI slot left; not where it says that one
/// slot is taken.
bool tells_no_free_slot(std::string_view said);

}  // namespace virt_iface
