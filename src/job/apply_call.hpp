// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "job/job.hpp"

namespace virt_iface::hook {

/// This program, called with the words of a command: its exit status.
using Program = std::function<int(const std::vector<std::string>& words)>;

/// The words that add a job's interfaces, and those that make one of its updates to the guest's definition.
std::vector<std::string> apply_words(const Job& job);
std::vector<std::string> update_words(const Job& job, const std::vector<std::string>& update);

/// What became of it.
struct Called {
  enum class Kind {
    done,
    transient,  ///< the guest has no definition
    gone,       ///< the guest was stopped meanwhile, or went to another host
    missing,    ///< the guest has no such interface
    refused,    ///< it fails however often it is tried
    failed      ///< it may yet succeed
  };
  Kind kind = Kind::failed;
  std::string reason{};  ///< of a failure, with its hint
};

/// Calls it in a process of its own, so that it can be ended; one that cannot be started or does not end
/// counts as a failure like any other. A call that has begun is not cut short before libvirt gives up itself
/// (30 s for a guest that is busy), beyond `limit`.
Called call_program(const Program& program, const std::vector<std::string>& words,
                    std::chrono::milliseconds limit);

}  // namespace virt_iface::hook
