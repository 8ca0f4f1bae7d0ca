// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace virt_iface {

/// Rows of cells in columns two blanks apart, each line ended; an empty cell is a dash. Control characters,
/// which a document could smuggle to the terminal, become question marks.
std::string format_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace virt_iface
