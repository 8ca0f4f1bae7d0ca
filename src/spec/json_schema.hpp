// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace virt_iface {

/// The JSON Schema (2020-12) of what list, show and --report print and -c reads, out of the table of keys.
std::string json_schema();

}  // namespace virt_iface
