// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/types.hpp"

#include "table/mac.hpp"
#include "table/pci.hpp"

namespace virt_iface {

bool is_running_network(const Element& interface) {
  return is_among(interface.at("@type"), "bridge|direct|hostdev") && !interface.at("source/@network").empty();
}

const Type* row_of(const Element& interface) {
  if (is_running_network(interface)) return find_type("network");
  return type_of_element(interface.at("@type"), interface.at("virtualport/@type"));
}

bool is_made(const Element& interface) {
  const Type* row = row_of(interface);
  return row != nullptr && row->made;
}

bool is_replaced(const Element& interface) {
  return is_among(type_of(interface), "macvtap|ovs|bridge|network");
}

std::string type_of(const Element& interface) {
  const Type* row = row_of(interface);
  return std::string(row != nullptr ? row->word : interface.at("@type"));
}

std::string source_of(const Element& interface) {
  const Element* source = interface.child("source");
  const Type* row = row_of(interface);
  if (source == nullptr || row == nullptr) return {};
  if (row->source_is == SourceIs::pci) {
    const Element* address = source->child("address");
    if (address == nullptr || address->at("@type") == "usb") return {};
    return pci_address(address->at("@domain"), address->at("@bus"), address->at("@slot"),
                       address->at("@function"));
  }
  std::string text(row->source.empty() ? std::string_view() : source->at('@' + std::string(row->source)));
  if (row->source_is == SourceIs::endpoint) text.append(":").append(source->at("@port"));
  return text;
}

std::string mac_of(const Element& interface) {
  return mac_text(interface.at("mac/@address"));
}

}  // namespace virt_iface
