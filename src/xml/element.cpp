// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/element.hpp"

#include <algorithm>

namespace virt_iface {

const std::string* Element::attribute(std::string_view attribute_name) const {
  auto found = std::find_if(attributes.begin(), attributes.end(),
                            [&](const Attribute& a) { return a.name == attribute_name; });
  return found == attributes.end() ? nullptr : &found->value;
}

const Element* Element::child(std::string_view child_name) const {
  auto found =
      std::find_if(children.begin(), children.end(), [&](const Element& c) { return c.name == child_name; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view Element::at(std::string_view path) const {
  const Element* here = this;
  for (std::size_t slash = path.find('/'); here && slash != path.npos; slash = path.find('/')) {
    here = here->child(path.substr(0, slash));
    path.remove_prefix(slash + 1);
  }
  const std::string* value = here ? here->attribute(path.substr(1)) : nullptr;
  return value ? std::string_view(*value) : std::string_view();
}

}  // namespace virt_iface
