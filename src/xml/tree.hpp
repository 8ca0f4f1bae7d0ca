// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libxml/tree.h>

#include <string_view>

#include "xml/element.hpp"

namespace virt_iface {

/// The element with all that is in it, as a value without offsets.
Element element_of(const xmlNode* node);

/// The root of any document of libvirt's, likewise; an element without a name where it is not well-formed.
/// For what is only looked up: nothing of it can be edited.
Element read_tree(std::string_view text);

}  // namespace virt_iface
