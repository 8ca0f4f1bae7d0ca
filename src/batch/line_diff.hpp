// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>
#include <vector>

#include "xml/splice.hpp"

namespace virt_iface {

/// The lines in which two short texts differ, ascending; of long ones the one stretch between what they
/// share.
std::vector<Replaced> differing_lines(std::string_view before, std::string_view after);

}  // namespace virt_iface
