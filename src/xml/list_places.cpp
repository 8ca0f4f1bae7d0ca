// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/list_places.hpp"

#include <algorithm>
#include <iterator>

namespace virt_iface {
std::vector<Element> named(const Element& parent, std::string_view name) {
  std::vector<Element> out;
  std::ranges::copy_if(parent.children, std::back_inserter(out),
                       [=](const Element& child) { return child.name == name; });
  return out;
}

bool is_of_one_name(const Element& list) {
  return !list.children.empty() && std::ranges::all_of(list.children, [&](const Element& child) {
    return child.name == list.children.front().name;
  });
}

bool stands_for(const Element& present, const Element& known) {
  if (present.name != known.name || known.attributes.empty()) return false;
  const std::string* value = present.attribute(known.attributes.front().name);
  return value != nullptr && *value == known.attributes.front().value;
}

std::vector<std::size_t> list_places(const std::vector<Element>& present,
                                     const std::vector<Element>& wanted) {
  std::vector<std::size_t> places(wanted.size(), no_place);
  std::size_t from = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    for (std::size_t p = from; p < present.size() && places[i] == no_place; ++p)
      if (stands_for(present[p], wanted[i])) {
        places[i] = p;
        from = p + 1;
      }
  std::size_t end = present.size();
  std::vector<std::size_t> ends(wanted.size());
  for (std::size_t i = wanted.size(); i-- > 0;) {
    ends[i] = end;
    if (places[i] != no_place) end = places[i];
  }
  from = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    for (std::size_t p = from; p < ends[i] && places[i] == no_place; ++p)
      if (present[p].name == wanted[i].name) places[i] = p;
    if (places[i] != no_place) from = places[i] + 1;
  }
  return places;
}

}  // namespace virt_iface
