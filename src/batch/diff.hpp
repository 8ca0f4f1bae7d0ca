// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "xml/splice.hpp"

namespace virt_iface {

/// A unified diff with three lines of context that `git apply` and `patch -p1` take: the name is shown with
/// `a/` and `b/` in front. Empty when nothing differs. What was
/// replaced is known, so nothing is searched for. Ascending, not overlapping.
std::string unified_diff(const std::string& name, std::string_view before, std::string_view after,
                         const std::vector<Replaced>& replaced, bool colour);

/// The one stretch between the common front and the common end.
std::vector<Replaced> differing_stretch(std::string_view before, std::string_view after);

}  // namespace virt_iface
