// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>
#include <vector>

#include "list/record.hpp"

namespace virt_iface {

/// Whether two interfaces may not have the same value of a key: they are two, for a MAC no teaming pair, and
/// for a target of one libvirt.
bool must_differ(const Record& a, const Record& b, std::string_view key);

/// Those that share a MAC, a target or an interfaceid with another interface, those that share one together.
/// A target that libvirt made up is nobody's, and a teaming pair has one MAC; a domain that is read twice is
/// one.
std::vector<Record> duplicates_among(const std::vector<Record>& records);

}  // namespace virt_iface
