// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "table/interface.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// A present interface in our words. What no key of ours stands for is left out; values are as the document
/// has them, MACs in lower case.
Interface read_interface(const Element& element);

/// The same with what libvirt writes while the guest runs (`mac.currentAddress`): for listings and
/// conditions.
Interface read_listed(const Element& element);

/// What it says beside, which virt-iface keeps and never makes: where it stands (`script.path`) and its
/// value.
std::vector<Setting> read_kept(const Element& element);

}  // namespace virt_iface
