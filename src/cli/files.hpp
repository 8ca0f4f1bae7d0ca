// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/input.hpp"

namespace virt_iface {

/// Every document file that the command line names: its words, the *.xml files beneath a folder with -r, and
/// the lines of --files-from. Without any, stdin. `own_folder` (of --output-dir) is not searched.
/// Throws Error (usage; system where a folder or a list cannot be read).
std::vector<FileName> document_files(const Arguments& arguments, const std::vector<std::string>& words,
                                     StdinReader& input);

}  // namespace virt_iface
