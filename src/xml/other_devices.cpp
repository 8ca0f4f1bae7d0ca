// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/other_devices.hpp"

#include <utility>

#include "xml/tree.hpp"

namespace virt_iface {
namespace {

void gather(const Element& devices, std::vector<Element>& found) {
  for (const Element& device : devices.children) {
    if (device.name == "interface") continue;
    found.push_back({.name = device.name, .attributes = device.attributes});
    for (const char* name : {"address", "source"})
      if (const Element* child = device.child(name)) found.back().children.push_back(*child);
  }
}

}  // namespace

std::vector<Element> other_devices(const Document& document) {
  const Element root = read_tree(document.text());
  std::vector<Element> found;
  if (const Element* devices = root.child("devices")) gather(*devices, found);
  for (const Element& domain : root.children)  // a snapshot's
    if (const Element* devices = domain.child("devices")) gather(*devices, found);
  return found;
}

}  // namespace virt_iface
