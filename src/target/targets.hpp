// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "target/options.hpp"
#include "view/select.hpp"

namespace virt_iface {

/// What the command line says to work on; `words` are those that would name documents. Throws Error (usage)
/// where it names two of the three, says one by halves, or has an option that does not serve it.
Target target_of(const Arguments& arguments, const std::vector<std::string>& words);

/// What show, update and detach are about, and the words behind it.
struct Selected {
  Selector selector{};
  std::vector<std::string> words{};
};

/// --where, or else the first word. Throws Error (usage) where there is neither, naming `synopsis`.
Selected read_selector(const Arguments& arguments, const std::string& synopsis);

}  // namespace virt_iface
