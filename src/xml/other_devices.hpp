// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// The devices of a domain, but for its interfaces: each with its attributes, its `<address>` and `<source>`
/// alone, without offsets. Reads the whole document once more, so only where a decision needs it.
std::vector<Element> other_devices(const Document& document);

}  // namespace virt_iface
