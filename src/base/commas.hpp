// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// The parts between single commas; a comma doubled is a comma.
std::vector<std::string> split_at_commas(std::string_view text);

}  // namespace virt_iface
