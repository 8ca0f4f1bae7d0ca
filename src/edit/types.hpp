// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "xml/element.hpp"

namespace virt_iface {

/// One of the four types that we make, and how libvirt's element shows it.
struct TypeShape {
  std::string_view word;         ///< ours: macvtap, ovs, network, bridge
  std::string_view element;      ///< interface/@type
  std::string_view source;       ///< the attribute of <source> that names it
  std::string_view virtualport;  ///< the virtualport/@type that marks it, or empty
};

std::span<const TypeShape> type_shapes();

/// The shape of an interface, or nullptr if it is of another kind.
const TypeShape* shape_of(const Element& interface);

/// Its type in our words; libvirt's own word for the types that we do not make (user, hostdev, …).
std::string type_of(const Element& interface);

/// The network, host interface or bridge it is on; for the other types whatever names their source.
std::string source_of(const Element& interface);

/// Its MAC in lower case; empty if it has none.
std::string mac_of(const Element& interface);

}  // namespace virt_iface
