// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libxml/tree.h>

#include <string>
#include <string_view>

#include "sheet/node.hpp"

namespace virt_iface {

/// Parses a well-formed document in UTF-8 into nodes that know where they stand in `text`. Throws Error
/// (invalid) beyond libxml2's limits.
Node read_located(std::string_view text, const std::string& file);

/// The nodes of what a stylesheet made. Throws Error (invalid) when it is nested too deep.
Node read_result(const xmlDoc* doc, const std::string& sheet);

}  // namespace virt_iface
