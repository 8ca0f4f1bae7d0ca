// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "live/guest_plan.hpp"
#include "xml/schema.hpp"

namespace virt_iface {

/// Throws Error (system) unless libvirt has the networks that change or come, and they are active where the
/// guest runs. `networks` gives those that it has, and is called only for a guest to which they matter.
void require_networks(const std::function<const std::vector<Network>&()>& networks, const GuestPlan& plan);

/// Throws Error (invalid) unless what changes fits the schema.
void require_valid(const Schema& schema, const GuestPlan& plan);

/// Warnings and notes of both descriptions, each once.
std::vector<Message> warnings_of(const GuestPlan& plan);

}  // namespace virt_iface
