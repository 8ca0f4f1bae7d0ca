// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// What is wrong with a value, and at which byte of the text given.
struct ValueFault {
  std::size_t offset = 0;
  std::string text{};
  std::string hint{};
};

/// The right side of `key = value`: offsets are bytes of the text given.
struct Value {
  std::vector<std::string> items{};
  std::vector<std::string_view> written{};  ///< the items as they stand, quotes and all, in the text given
  bool has_comma = false;
  std::size_t begin = 0;  ///< of the value as written
  std::size_t end = 0;    ///< behind it, in front of white space and comment
  std::optional<ValueFault> fault{};
};

/// Splits at commas, removes quotes, stops at a comment. `,` alone is the empty list.
Value parse_value(std::string_view text);

/// A fault that copying out of a mail or a web page brings into an unquoted item: typographic quotes or odd
/// blanks at its edges. `offset` is the item's.
std::optional<ValueFault> copied_fault(std::string_view item, std::size_t offset);

/// The length of a no-break space or another blank that is no plain space at the front of `text`, else 0.
std::size_t odd_blank(std::string_view text);

}  // namespace virt_iface
