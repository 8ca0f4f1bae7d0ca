// SPDX-License-Identifier: LGPL-2.1-or-later
#include "view/types.hpp"

#include "table/mac.hpp"
#include "table/pci.hpp"

namespace virt_iface {

std::string_view libvirt_type(const Element& interface) {
  const std::string* type = interface.attribute("type");
  return type == nullptr ? std::string_view("user") : std::string_view(*type);
}

bool is_running_network(const Element& interface) {
  return is_among(interface.at("@type"), "bridge|direct|hostdev") && !interface.at("source/@network").empty();
}

const Type* row_of(const Element& interface) {
  if (is_running_network(interface)) return find_type("network");
  return type_of_element(libvirt_type(interface), interface.at("virtualport/@type"));
}

void require_known_type(const Element& interface, const std::string& what, const Place& place) {
  if (row_of(interface) == nullptr)
    throw Error(Exit::invalid, place, what + " is of a type that libvirt does not have",
                "it can be listed, shown and detached");
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
  return std::string(row != nullptr ? row->word : libvirt_type(interface));
}

std::string source_of(const Element& interface) {
  const Element* source = interface.child("source");
  const Type* row = row_of(interface);
  if (source == nullptr || row == nullptr) return {};
  if (row->source_is == SourceIs::pci) return pci_address_in(interface);
  std::string text(row->source.empty() ? std::string_view() : source->at('@' + std::string(row->source)));
  if (row->source_is == SourceIs::endpoint) text.append(":").append(source->at("@port"));
  return text;
}

std::string pci_address_in(const Element& device) {
  const Element* source = device.child("source");
  const Element* address = source == nullptr ? nullptr : source->child("address");
  if (address == nullptr || address->at("@type") == "usb") return {};
  return pci_address(address->at("@domain"), address->at("@bus"), address->at("@slot"),
                     address->at("@function"));
}

std::string mac_of(const Element& interface) {
  return mac_text(interface.at("mac/@address"));
}

}  // namespace virt_iface
