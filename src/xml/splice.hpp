// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// Replaces the text from `begin` to `end` (offsets of Document::text) by `text` (UTF-8).
struct Edit {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string text{};
};

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

/// The document's bytes with the edits made, in the document's encoding; every other byte is the document's.
/// Edits at one place are made in their order; where two overlap it throws std::logic_error.
Spliced splice(const Document& document, std::vector<Edit> edits);

}  // namespace virt_iface
