// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "xml/document.hpp"
#include "xml/splice.hpp"

namespace virt_iface {

/// What the table of keys says of the elements in an interface, by their paths (`driver/host`,
/// `boot/@order`).
struct ElementRules {
  std::size_t (*rank)(
      std::string_view path);  ///< where libvirt writes it beside its siblings: smaller is earlier
  bool (*is_anchor)(std::string_view attribute);  ///< whether its element goes with it
};

/// The edits that make the same changes to `present`, an element of the document, that lead from `before` to
/// `after`: attributes set, added and removed, elements added at libvirt's place and removed when
/// nothing is left in them, or with their anchor. Whatever neither of the two mentions keeps its bytes.
/// Of a list (VLAN tags, filter parameters) what stays keeps its place. Throws Error (invalid) as
/// attribute_edits() does.
std::vector<Edit> reconcile(const Document& document, const Element& present, const Element& before,
                            const Element& after, const ElementRules& rules);

/// The edits that give the start tag of `present` the attributes of `target`: set, added and removed.
/// Throws Error (invalid) for one that is to go and is a default of the DTD.
std::vector<Edit> attribute_edits(const Document& document, const Element& present, const Element& target);

}  // namespace virt_iface
