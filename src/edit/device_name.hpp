// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>

#include "edit/unique.hpp"

namespace virt_iface {

/// Whether the interface's `target.dev` is a pattern, `{name}-{n}`.
bool names_by_pattern(const Interface& interface);

/// The name that its pattern makes for the domain's interface at `position` (from 1): of the first number
/// from there on that nobody in the domain has, or the guest's other description; but `same`, which the same
/// interface has there, if it is free here. Throws Error (invalid): a document without a name, a name
/// that libvirt drops (`vnet-1`) or the kernel refuses.
std::string made_device_name(const Interface& interface, const Domain& domain, std::size_t position,
                             const Taken& taken, const std::string& same);

}  // namespace virt_iface
