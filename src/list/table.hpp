// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// What a document says, as one cell: printable() (base/text.hpp), and a tab, which would part it, as `\x09`.
std::string cell_text(std::string_view text);

/// Rows of cells in columns two blanks apart, each line ended; an empty cell is a dash. To fit into `room`
/// columns (0: there is no end) the blanks become one, then the widest cells are cut, but none shorter than a
/// MAC.
std::string format_table(std::vector<std::vector<std::string>> rows, std::size_t room = 0);

}  // namespace virt_iface
