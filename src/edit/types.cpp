// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/types.hpp"

#include "spec/mac.hpp"

namespace virt_iface {

bool is_running_network(const Element& interface) {
  const Type* described = type_of_element(interface.at("@type"), {});
  const bool became = described != nullptr && described->made && described->word != "network";
  return became && !interface.at("source/@network").empty();
}

const Type* row_of(const Element& interface) {
  if (is_running_network(interface)) return find_type("network");
  return type_of_element(interface.at("@type"), interface.at("virtualport/@type"));
}

bool is_made(const Element& interface) {
  const Type* row = row_of(interface);
  return row != nullptr && row->made;
}

std::string type_of(const Element& interface) {
  const Type* row = row_of(interface);
  return std::string(row != nullptr ? row->word : interface.at("@type"));
}

std::string source_of(const Element& interface) {
  const Element* source = interface.child("source");
  const Type* row = row_of(interface);
  if (source == nullptr || row == nullptr) return {};
  for (const std::string_view name : words(row->source))
    if (const std::string* value = source->attribute(name)) return *value;
  return {};
}

std::string mac_of(const Element& interface) {
  return mac_text(interface.at("mac/@address"));
}

}  // namespace virt_iface
