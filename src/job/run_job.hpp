// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "job/apply_call.hpp"
#include "job/job.hpp"

namespace virt_iface::hook {

/// Where a guest is, seen without waiting for it: asking costs libvirt no worker.
enum class Whereabouts {
  on_its_way,  ///< it still comes from another host or out of a file, and cannot be worked on
  here,
  gone,
  unknown  ///< libvirt does not answer
};
struct Sight {
  Whereabouts guest = Whereabouts::unknown;
  std::vector<Message> faults{};  ///< why it is unknown
};
using Watch = std::function<Sight()>;

/// Runs a job to its end. Waits until the guest has arrived, and from then on tries for the job's time: calls
/// `apply --connect …` for one source after the other, round by round, so that what can be added is
/// there first. Jobs take turns: at most two calls wait inside libvirt. The result goes to the log
/// and, if the guest still has one, to its report; it is returned as one line.
std::string run_job(const Program& program, const Job& job, const Watch& watch);

}  // namespace virt_iface::hook
