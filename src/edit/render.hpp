// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "sheet/stylesheet.hpp"
#include "spec/interface.hpp"
#include "xml/element.hpp"

namespace virt_iface {

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
  std::map<std::string, Stylesheet> sheets_{};  // by the templates in them
};

}  // namespace virt_iface
