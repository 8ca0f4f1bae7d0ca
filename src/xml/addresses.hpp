// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// The devices of a domain that have an `<address>`, but for its interfaces: each with that child alone,
/// without offsets. Reads the whole document once more, so only where a decision needs it.
std::vector<Element> devices_with_addresses(const Document& document);

}  // namespace virt_iface
