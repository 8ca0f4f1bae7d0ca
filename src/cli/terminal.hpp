// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "base/error.hpp"

namespace virt_iface {

/// True if that descriptor is a terminal that wants colour (NO_COLOR, TERM=dumb).
bool wants_colour(int descriptor);

/// Writes messages to stderr.
void tell(const std::vector<Message>& messages, bool json);

/// The worse of two statuses over several documents: 4, 3, 2, 1, 0.
Exit worse(Exit a, Exit b);

}  // namespace virt_iface
