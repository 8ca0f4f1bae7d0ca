// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// `KEY=VALUE` of an interface as list and show have it. The value is a pattern (`*`, `?`); empty: the key is
/// not stated.
struct Condition {
  std::string key{};  ///< canonical; `vlan`: any of its tags
  std::string value{};
};

/// Which interfaces are meant. SEL is a MAC; a position (1 is the first, -1 the last); conditions, of which
/// `alias=`, `target=` and `vlan=` are short ones; or `all`. It means one interface, but for `all`.
/// --where means every interface that meets all conditions of one of its texts, were it none.
struct Selector {
  enum class By { position, conditions, where, all } by = By::all;
  long position = 0;
  std::vector<std::vector<Condition>> any_of{};
  std::vector<std::string> words{};  ///< as typed, those of any_of
  /// By any_of: whether some interface was met, over all documents and threads.
  std::shared_ptr<std::vector<std::atomic<bool>>> met{};
};

/// Throws Error (usage) for a word that is none of these, and for an unknown key, with the near miss.
Selector parse_selector(const std::string& word);
Selector parse_where(const std::vector<std::string>& texts);

/// Whether the interface meets all conditions of one of the texts.
bool meets(const Interface& interface, const Selector& selector);

/// A warning for each text of --where that no interface has met.
std::vector<Message> unmet(const Selector& selector);

/// What a selector chooses among.
struct Candidates {
  std::size_t count = 0;
  std::function<Interface(std::size_t position)> interface {};  ///< from 1
  std::function<Place()> place{};
  std::string none{};  ///< said where there is none
};

/// The positions (from 1) of the one that matches; of `all` and of --where, all positions. Throws Error
/// (invalid), listing the candidates, when none or several are where one is meant.
std::vector<std::size_t> select(const Candidates& candidates, const Selector& selector);
std::vector<std::size_t> select(const Document& document, const Selector& selector);

}  // namespace virt_iface
