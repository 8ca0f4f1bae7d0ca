// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// Which interfaces a word means: a MAC in any case; a position (1 is the first, -1 the last); `alias=`,
/// `target=`, `source=`, `type=` (our words); `all`.
struct Selector {
  enum class By { mac, position, alias, target, source, type, all } by = By::all;
  std::string value{};
  long position = 0;
  std::string word{};  ///< as typed
};

/// Throws Error (usage) for a word that is none of these, with the near miss.
Selector parse_selector(const std::string& word);

/// The position (from 1) of the one that matches; of `all`, all positions. Throws Error (invalid), listing
/// the candidates, when nothing or more than one matches.
std::vector<std::size_t> select(const Document& document, const Selector& selector);

}  // namespace virt_iface
