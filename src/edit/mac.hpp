// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "edit/plan.hpp"
#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// How a mac.seed begins that stands for one interface by itself (the hook's: UUID and section): type, source
/// and VLAN then have no part in the MAC.
inline constexpr std::string_view policy_seed = "policy:";
bool has_policy_seed(const Interface& interface);

/// Type, source and VLAN: what equals have in common. Their ordinal among each other tells their stable MACs
/// apart.
std::string equals_of(const Interface& interface);

/// The MAC of `mac = stable`: a UUIDv5 (RFC 4122) of seed, type, source, VLAN and ordinal, its last bytes
/// behind the prefix (52:54:00, QEMU's; or mac.prefix). The same domain gets the same MAC on every host and
/// run. Throws Error (invalid) when the seed is a part of the domain that the document lacks.
std::string stable_mac(const Interface& interface, const Domain& domain, std::size_t ordinal);

/// The MACs of the domain's interfaces, in lower case.
std::set<std::string> macs_of(const Domain& domain);

/// A warning for each interface whose MAC is none (`MACADDR`), and with these changes stays so.
std::vector<Message> warnings_of_macs(const Document& document, const std::vector<Change>& changes);

}  // namespace virt_iface
