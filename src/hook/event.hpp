// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace virt_iface::hook {

/// What may be done at an event; `nothing` for every operation that is not ours.
enum class Task { nothing, retarget, check, inject, release };

/// One call of libvirt's: `SCRIPT GUEST OPERATION SUBOPERATION EXTRA`.
struct Event {
  std::string guest{};
  std::string operation{};
  Task task = Task::nothing;
};

/// Reads the words behind the script's name. Unknown, missing and future words make `nothing`.
Event event_of(const std::vector<std::string>& words);

/// The driver (`qemu`, `libxl`, …) if a program called by this name is a link where libvirt has its hooks
/// (hooks/qemu, hooks/qemu.d/50-virt-iface), else empty. In libvirt's own directory (libvirt/hooks) a name
/// that is not known is a driver's too: one of a later libvirt, whose guests a program that fails would stop.
std::string driver_of_link(std::string_view called_as);

/// True for the drivers whose guests have interfaces that this program knows how to move.
bool is_our_driver(std::string_view driver);

/// Which driver's guest a domain/@type is: `qemu` or `libxl`.
std::string_view driver_of_domain(std::string_view domain_type);

}  // namespace virt_iface::hook
