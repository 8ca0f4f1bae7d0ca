// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "edit/match.hpp"

namespace virt_iface {

/// What a present interface is to become to be what is wanted.
struct Convergence {
  std::size_t wanted = 0;   ///< its index
  std::size_t present = 0;  ///< likewise
  Interface before{};
  Interface after{};
  std::vector<Message> warnings{};
};

struct ConvergeRules {
  bool strict = false;              ///< what was not stated goes, or takes its default
  std::vector<std::string> drop{};  ///< what isolates and goes where it was not stated, as isolating_words()
};

/// The pair with what else isolates the present one and was not stated: no difference that ensure refuses,
/// but it stays or goes as one does.
Pair with_unasked(Pair pair, const Wanted& wanted, const Element& present);

/// Sets the stated keys in which the pair differs; all else stays, but for what the rules say. What the guest
/// and libvirt know the interface by, and what libvirt chooses, stays in any case. Throws Error (invalid)
/// where what isolates the guest would be lost.
Convergence converged(const Document& document, const Wanted& wanted, const Pair& pair,
                      const ConvergeRules& rules);

}  // namespace virt_iface
