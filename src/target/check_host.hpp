// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "batch/document_editor.hpp"
#include "live/guest_plan.hpp"
#include "spec/spec.hpp"
#include "target/arguments.hpp"

namespace virt_iface {

/// True if --connect names a libvirt on another host, whose devices cannot be seen from here.
bool is_on_another_host(const std::string& uri);

/// Throws Error (usage) for --check-host with such a --connect.
void require_this_host(const Arguments& arguments);

/// With --check-host: throws Error (system) unless every source that is asked for exists on this host and is
/// of its kind; networks are asked of libvirt. Tells warnings.
void check_host(const Arguments& arguments, const std::vector<Interface>& asked);

/// With --replug: throws Error (system) for a source on this host that plainly is not there, before anything
/// is unplugged for it. Where it is not certain that libvirt is here, nothing is looked for.
void require_sources(const Arguments& arguments, const std::string& uri, const GuestPlan& plan);

/// The same of a template that is listed; with --connect alone, only the networks are looked for.
void check_template(const Arguments& arguments, const std::vector<Interface>& asked);

/// With --check-host: a planner that checks in the same way the sources of what it adds or changes.
Planner checked_on_host(const Arguments& arguments, Planner planner);

}  // namespace virt_iface
