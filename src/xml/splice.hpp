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

/// The document's bytes with the edits made, in the document's encoding; every other byte is the document's.
/// Edits at one place are made in their order; they must not overlap.
std::string splice(const Document& document, std::vector<Edit> edits);

}  // namespace virt_iface
