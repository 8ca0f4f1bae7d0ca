// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <optional>
#include <string>

#include "sheet/stylesheet.hpp"
#include "table/interface.hpp"
#include "xml/element.hpp"
#include "xml/reconcile.hpp"

namespace virt_iface {

/// What the table of keys says of the elements that Renderer makes.
inline constexpr ElementRules element_rules{interface_child_rank, is_anchor};

/// Makes libvirt's element of an interface in our words, through xslt/interface.xsl. One a thread.
class Renderer {
 public:
  /// Makes each distinct one once, and keeps it: for what is wanted of many documents. `interface` must have
  /// passed check(). Keys that make no element (mac.seed, mac.prefix) are left out; `mac = stable` comes out
  /// as that word: the MAC is the domain's matter.
  const Element& render(const Interface& interface);
  /// The same of what a document holds: it is not kept, or a batch's memory would grow with its documents.
  Element make(const Interface& interface);

 private:
  std::map<std::string, Element> made_{};
  std::optional<Stylesheet> sheet_{};  // compiled when the first one is made
};

}  // namespace virt_iface
