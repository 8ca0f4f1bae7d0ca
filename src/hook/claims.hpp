// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace virt_iface::hook {

/// Says that a guest uses an Open vSwitch bridge that may be ours. Both names come out of a document. Throws
/// Error (invalid) for what can be no bridge; Error (system).
void claim_bridge(const std::string& bridge, const std::string& uuid);

/// Gives up all that a guest has claimed; true if there was any.
bool release_claims(const std::string& uuid);

/// True if a guest has claimed the bridge.
bool is_claimed(const std::string& bridge);

/// True if any guest has claimed a bridge.
bool has_claims();

}  // namespace virt_iface::hook
