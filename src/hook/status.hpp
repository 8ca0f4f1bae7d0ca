// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "job/reports.hpp"

namespace virt_iface::hook {

/// What an administrator wants to know of the hook.
struct Status {
  std::vector<std::string> scripts{};  ///< where it is installed
  Report last_call{};                  ///< empty time: libvirt has not called it yet
  std::string conf{};                  ///< the path of hook.conf
  bool has_conf = false;
  std::vector<Message> conf_messages{};  ///< its faults and warnings; without an error it is valid
  std::vector<Message> warnings{};       ///< what stands in the way: confinement, a program that is missing
  std::optional<std::string> scope{};    ///< of a guest that was named: whether the hook touches it
  std::vector<Report> reports{};         ///< of the guests that run
  std::vector<Report> history{};         ///< of all, the oldest first
};

/// Reads it all. `guest`: of this one alone; empty: of every guest. Throws Error (system).
Status status_of(const std::string& conf, const std::string& guest);

}  // namespace virt_iface::hook
