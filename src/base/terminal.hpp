// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace virt_iface {

/// True if that descriptor is a terminal that wants colour (NO_COLOR, TERM=dumb).
bool wants_colour(int descriptor);

/// How many columns the terminal on stdout has; 0: it is none.
std::size_t columns_of_stdout();

/// Writes messages to stderr.
void tell(const std::vector<Message>& messages, MessageStyle style);
inline void tell(const std::vector<Message>& messages, bool json) {
  tell(messages, json ? MessageStyle::json : MessageStyle::text);
}

/// Writes text to stderr, as far as it can be written.
void tell_text(std::string_view text);

/// The worse of two statuses over several documents: 4, 3, 2, 1, 0.
Exit worse(Exit a, Exit b);

}  // namespace virt_iface
