// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "table/types.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// type/@type, and what libvirt (9.0.0) takes it for where it is absent.
std::string_view libvirt_type(const Element& interface);

/// Whether it is an interface of a network in a running guest's XML: libvirt (9.0.0) describes it by what it
/// became, `type='bridge'` with `<source network='lan' portid='…' bridge='br0'/>`.
bool is_running_network(const Element& interface);

/// The row of an interface's type: of a network, however it is described; or nullptr for a word that is not
/// libvirt's.
const Type* row_of(const Element& interface);

/// Throws Error (invalid) for one of a type that is not libvirt's: nothing is known of it. `what` is its
/// name.
void require_known_type(const Element& interface, const std::string& what, const Place& place);

/// Whether it is of a type that virt-iface makes.
bool is_made(const Element& interface);

/// Whether --policy replace removes one that is not wanted: macvtap, ovs, bridge and network, no others.
bool is_replaced(const Element& interface);

/// Its type in our words; what is no type of libvirt's as it stands.
std::string type_of(const Element& interface);

/// What it is plugged into, as `source` has it: a name, path, PCI address or address:port; empty if it has
/// none.
std::string source_of(const Element& interface);

/// What of the host's PCI devices the element's <source> names, as 0000:3b:10.2; empty if none.
std::string pci_address_in(const Element& device);

/// Its MAC as libvirt writes it; empty if it has none.
std::string mac_of(const Element& interface);

}  // namespace virt_iface
