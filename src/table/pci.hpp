// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace virt_iface {

/// A PCI address as the kernel writes it, `0000:3b:10.2`, of any spelling that people have for one: without
/// the domain, in capitals, as libvirt's `pci_0000_3b_10_2`. Empty if it is none.
std::string pci_address(std::string_view text);

/// The same of the four parts of libvirt's element, `0x3b` or `59` each; one that is not stated is 0. Empty
/// if one of them is no number.
std::string pci_address(std::string_view domain, std::string_view bus, std::string_view slot,
                        std::string_view function);

}  // namespace virt_iface
