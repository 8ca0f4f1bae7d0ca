// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "hook/settings.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// The interfaces that the host's policy asks for, made ready for one guest. What a stable MAC is computed
/// from is the guest (its UUID, or its name with `mac.seed = name`; a text goes with the UUID) and the
/// section that asks for it, not the NIC: hosts that name one wire differently give the guest one MAC there,
/// and guests that bear one name on two hosts have two.
std::vector<PolicyInterface> policy_of(const Settings& settings, const Domain& domain);

}  // namespace virt_iface::hook
