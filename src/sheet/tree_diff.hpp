// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <vector>

#include "sheet/node.hpp"

namespace virt_iface {

/// Which old node a new one continues.
struct Match {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t old = none;
  bool exact = false;  ///< they are equal
};

/// For each node of `after` the one of `before` that it is, or is made of; ascending. Equal ones first,
/// between them elements of one name that have the most in common.
std::vector<Match> diff_trees(const std::vector<Node>& before, const std::vector<Node>& after);

}  // namespace virt_iface
