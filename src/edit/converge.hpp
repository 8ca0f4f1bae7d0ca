// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "edit/match.hpp"

namespace virt_iface {

/// What a present interface is to become to be what is wanted.
struct Convergence {
  std::size_t present = 0;  ///< its index
  Interface before{};
  Interface after{};
  std::vector<Message> warnings{};
};

/// Sets the stated keys in which the pair differs; all else stays. With `strict`, what was not stated goes,
/// or takes its default: all but what the guest and libvirt know the interface by, and what libvirt chooses.
/// Throws Error (invalid) where what isolates the guest would be lost.
Convergence converged(const Document& document, const Wanted& wanted, const Pair& pair, bool strict);

}  // namespace virt_iface
