// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>

#include "xml/splice.hpp"

namespace virt_iface {

/// A MAC behind 52:54:00 (QEMU's) that is not in `taken`, and then is.
std::string random_mac(std::set<std::string>& taken);

/// The edit that gives an interface without a MAC one, as its first content.
Edit give_mac(const Document& document, const Element& interface, const std::string& mac);

}  // namespace virt_iface
