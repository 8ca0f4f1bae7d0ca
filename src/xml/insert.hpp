// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "xml/document.hpp"
#include "xml/splice.hpp"

namespace virt_iface {

/// The edits that add these elements, in order, to `<devices>`: behind the last interface, else where libvirt
/// would write them, in the style of what is there. Makes `<devices>` if there is none.
/// Throws Error (invalid) where the place comes out of an entity.
std::vector<Edit> insert_interfaces(const Document& document, const std::vector<Element>& added);

/// The edits that write `text` as the first content of `parent`, which has no child: an empty-element tag is
/// opened up.
std::vector<Edit> fill(const Document& document, const Element& parent, const std::string& text);

/// The edit that removes an element with the white space before it.
Edit remove_element(const Document& document, const Element& element);

/// Throws Error (invalid) if the document has no domain that interfaces could be added to or taken from.
void require_domain(const Document& document);

/// Throws Error (invalid), naming the line, if libvirt reads the interface otherwise than it looks, or may do
/// so: to be called before a decision that rests on what stands in it.
void require_no_doubt(const Document& document, const Element& interface);

/// Throws Error (invalid), naming the line, if the element comes out of an entity.
void require_own_text(const Document& document, const Element& element);

}  // namespace virt_iface
