// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace virt_iface::hook {

/// What was done, and what should be known of it.
struct Installed {
  std::vector<std::string> files{};
  std::vector<Message> warnings{};
};

/// Puts the hook script into libvirt's hook folders (qemu; libxl where this host has that driver), with the
/// absolute path of `program`. Throws Error (invalid) rather than replace somebody else's file; Error
/// (system).
Installed install(const std::string& program);

/// What of this host keeps libvirt from running the program (AppArmor, SELinux), or lets others than root say
/// what libvirt runs as root.
std::vector<Message> confinement_of(const std::string& program);

/// Takes our scripts away. Throws Error (invalid) at somebody else's file under our name.
Installed uninstall();

}  // namespace virt_iface::hook
