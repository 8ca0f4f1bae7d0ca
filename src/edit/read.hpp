// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "spec/interface.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// A present interface in our words. `type` is ours for the four types that we make, else libvirt's. What no
/// key of ours stands for is left out; values are as the document has them, MACs in lower case.
Interface read_interface(const Element& element);

}  // namespace virt_iface
