// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// Replaces the text from `begin` to `end` (offsets in bytes) by `text`.
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text{};
};

using EditList = std::vector<Edit>;

/// A stretch of the old bytes and the one that stands in its place in the new ones.
struct Replaced {
  std::size_t old_begin = 0;
  std::size_t old_end = 0;
  std::size_t new_begin = 0;
  std::size_t new_end = 0;
};

struct Spliced {
  std::string bytes{};
  std::vector<Replaced> replaced{};  ///< ascending
};

/// The text with the edits made; every other byte stays. EditList at one place are made in their order; where
/// two overlap it throws std::logic_error.
Spliced splice(std::string_view text, EditList edits);

}  // namespace virt_iface
