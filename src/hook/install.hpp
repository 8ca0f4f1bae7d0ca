// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"

namespace virt_iface::hook {

/// What was done, and what should be known of it.
struct Installed {
  std::vector<std::string> files{};
  std::vector<std::string> unchanged{};  ///< that were there already
  std::vector<Message> warnings{};
};

/// Puts the hook script into libvirt's hook directories (qemu; libxl where this host has that driver), with
/// the absolute path of `program`. Throws Error (invalid) rather than replace somebody else's file; Error
/// (system).
Installed install(const std::string& program);

/// Our scripts in libvirt's hook directories.
std::vector<std::string> installed_scripts();

/// A warning for each of them that is not as `install` would put it there: another version's, or for another
/// program.
std::vector<Message> outdated_scripts(const std::string& program);

/// The scripts that libvirt runs before ours, each of which gets what the one before has printed; the last of
/// them handed us the document.
std::vector<std::string> scripts_before_ours();

/// Takes our scripts away. Throws Error (invalid) at somebody else's file under our name.
Installed uninstall();

}  // namespace virt_iface::hook
