// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// What a document says, as one cell: printable() (base/text.hpp), and a tab, which would part it, as `\x09`.
std::string cell_text(std::string_view text);

using Rows = std::vector<std::vector<std::string>>;

/// Of columns by their titles in the first row, removes those named, the first of them first, until the rest
/// fits, uncut and with `gap` blanks between them, into `room` columns (0: there is no end).
void drop_columns(Rows& rows, std::span<const std::string_view> names, std::size_t room, std::size_t gap);

/// Rows of cells in columns two blanks apart, each line ended; an empty cell is a dash. To fit into `room`
/// columns (0: there is no end) the blanks become one, then the widest cells are cut, but none shorter than a
/// MAC.
std::string format_table(Rows rows, std::size_t room = 0);

}  // namespace virt_iface
