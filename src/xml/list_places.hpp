// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "xml/element.hpp"

namespace virt_iface {

inline constexpr std::size_t no_place = static_cast<std::size_t>(-1);

std::vector<Element> named(const Element& parent, std::string_view name);

/// Whether all children, of which there are some, have one name.
bool is_of_one_name(const Element& list);

/// Whether `present` has the first attribute of `known`: a VLAN tag's id.
bool stands_for(const Element& present, const Element& known);

/// Of each of `wanted`, children of one name: the index in `present` of the one whose place it takes, in
/// ascending order, or no_place. That is the one with the same first attribute (a VLAN tag's id), else one
/// between its neighbours' that nobody else takes.
std::vector<std::size_t> list_places(const std::vector<Element>& present, const std::vector<Element>& wanted);

}  // namespace virt_iface
