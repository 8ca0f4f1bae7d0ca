// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "base/text.hpp"
#include "hook/abi.hpp"
#include "table/keys.hpp"

namespace virt_iface::hook {
namespace {

/// What people call an element of the table of keys.
std::string name_of(std::string_view element) {
  if (element == "mac") return "MAC";
  if (element == "driver") return "virtio options (<driver>)";
  if (element == "address") return "device address";
  return element == "model" ? "model" : "<" + std::string(element) + ">";
}

/// Everything that an element says, whatever the order of its attributes.
std::string canonical(const Element* element) {
  if (!element) return {};
  std::vector<std::string> attributes;
  for (const Attribute& attribute : element->attributes)
    attributes.push_back(attribute.name + '=' + lower(attribute.value));
  std::ranges::sort(attributes);
  std::string text = element->name + '(' + join(attributes, ",") + ')';
  for (const Element& child : element->children) text += canonical(&child);
  return text + std::string(trim(element->text)) + ';';
}

}  // namespace

std::vector<AbiFault> abi_faults(const Domain& before, const Domain& after) {
  if (before.interfaces.size() != after.interfaces.size())
    return {{0, "the number of interfaces would change from " + std::to_string(before.interfaces.size()) +
                    " to " + std::to_string(after.interfaces.size())}};
  std::vector<AbiFault> faults;
  for (std::size_t i = 0; i < before.interfaces.size(); ++i)
    for (const std::string_view element : elements_that(meaning::guest)) {
      const Element* had = before.interfaces[i].child(element);
      const Element* has = after.interfaces[i].child(element);
      if (canonical(had) == canonical(has)) continue;
      bool const lost = had && !has;
      faults.push_back(
          {i + 1, std::string(lost ? "would lose its " : "would get another ") + name_of(element)});
    }
  return faults;
}

}  // namespace virt_iface::hook
