// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>

#include "spec/interface.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// Makes libvirt's element of an interface in our words, through xslt/interface.xsl. Each distinct one is
/// made once and kept. One a thread.
class Renderer {
 public:
  /// `interface` must have passed check(). Keys that make no element (mac.seed, mac.prefix) are left out;
  /// `mac = stable` comes out as that word: the MAC is the domain's matter.
  const Element& render(const Interface& interface);

 private:
  std::map<std::string, Element> made_{};
};

}  // namespace virt_iface
