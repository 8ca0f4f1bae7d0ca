// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

namespace virt_iface {

/// Whether `text` fits a pattern: `*` is any text, `?` any character, and a backslash takes the next one's
/// meaning away.
bool fits_pattern(std::string_view text, std::string_view pattern);

/// Whether a pattern has `*` or `?` with their meaning.
bool is_pattern(std::string_view pattern);

}  // namespace virt_iface
