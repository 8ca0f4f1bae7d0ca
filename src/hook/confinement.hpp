// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace virt_iface::hook {

/// What of this host keeps libvirt from running the program (AppArmor, SELinux), or lets others than root say
/// what libvirt runs as root.
std::vector<Message> confinement_of(const std::string& program);

}  // namespace virt_iface::hook
