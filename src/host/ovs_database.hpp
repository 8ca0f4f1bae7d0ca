// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace virt_iface {

/// The names of this host's Open vSwitch bridges, sorted, asked of ovsdb-server itself on its usual socket
/// (RFC 7047): to start ovs-vsctl takes ten times as long. Nothing where nobody answers there within the
/// limit: ovs-vsctl knows other ways, and what to say.
std::optional<std::vector<std::string>> bridges_in_database(std::chrono::milliseconds limit);

}  // namespace virt_iface
