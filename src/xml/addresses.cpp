// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/addresses.hpp"

#include <utility>

#include "xml/tree.hpp"

namespace virt_iface {
namespace {

void gather(const Element& devices, std::vector<Element>& found) {
  for (const Element& device : devices.children)
    if (const Element* address = device.child("address"); address != nullptr && device.name != "interface")
      found.push_back({.name = device.name, .children = {*address}});
}

}  // namespace

std::vector<Element> devices_with_addresses(const Document& document) {
  const Element root = read_tree(document.text());
  std::vector<Element> found;
  if (const Element* devices = root.child("devices")) gather(*devices, found);
  for (const Element& domain : root.children)  // a snapshot's
    if (const Element* devices = domain.child("devices")) gather(*devices, found);
  return found;
}

}  // namespace virt_iface
