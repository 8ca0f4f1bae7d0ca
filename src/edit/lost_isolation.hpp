// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// A warning for each value that isolates an interface of `before` and is not on the one of `after` that has
/// its MAC, else its position; one that is gone as a whole loses nothing. `why` ends the warning.
std::vector<Message> lost_isolation(const std::string& file, const Domain& before, const Domain& after,
                                    const std::string& why);

}  // namespace virt_iface
