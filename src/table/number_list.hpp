// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// Numbers from `min` to `max`.
struct Range {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

/// `10-15` of Key::allowed; 0-0 of what is none.
Range range_of(std::string_view text);

/// Whether it is `10` or `10-15`.
bool is_range(std::string_view text);

/// `is not a number from 1 to 4`: what a message says of a value outside.
std::string outside(Range range);

/// A list such as `10-15, 20`, or `all`.
struct NumberList {
  std::vector<std::uint64_t> numbers{};
  std::string_view item{};  ///< what of the list is wrong; empty: all of it
  std::string fault{};      ///< empty: the list is right
  std::string hint{};
};

/// Reads a list whose numbers are within `allowed`; `all` stands for a range of its own.
NumberList parse_numbers(std::string_view text, Range allowed, Range all);

/// `10,11,12,20` as people read it: `10-12,20`.
std::string shortened(std::string_view numbers);

}  // namespace virt_iface
