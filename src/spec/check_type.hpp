// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// The faults of what says how an interface of that type is plugged in: source, mode, driver, and what each
/// type needs beside.
std::vector<Message> check_type(const Interface& interface, const Type& type, const DomainTraits* domain);

}  // namespace virt_iface
