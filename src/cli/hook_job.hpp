// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.hpp"
#include "job/job.hpp"

namespace virt_iface {

/// Runs a job to its end, with libvirt for eyes. Returns what came of it, as one line.
std::string run_hook_job(const hook::Job& job);

/// Runs the policy of hook.conf on the guests that run now: all, or the one named. One line a guest on
/// stdout. Throws Error.
Exit apply_policy(const std::string& conf, const std::string& guest);

}  // namespace virt_iface
