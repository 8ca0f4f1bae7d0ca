// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace virt_iface::hook {

/// The environment of a job, and of what it calls: for a user's own guests also where libvirt's client looks
/// for the user's own libvirtd.
std::vector<std::string> job_environment();

/// Starts `program words…` in a session of its own with all descriptors closed and waits until it runs, no
/// longer: a child that kept one of the hook's would hold libvirt up. Throws Error (system) if it does not
/// run.
void start_detached(const std::string& program, const std::vector<std::string>& words);

/// This program's own file.
std::string own_program();

}  // namespace virt_iface::hook
