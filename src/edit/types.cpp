// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/types.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace virt_iface {
namespace {

// ovs before bridge: both are type='bridge', and only the virtual port tells them apart.
constexpr std::array<TypeShape, 4> shapes{{{"macvtap", "direct", "dev", ""},
                                           {"ovs", "bridge", "bridge", "openvswitch"},
                                           {"network", "network", "network", ""},
                                           {"bridge", "bridge", "bridge", ""}}};

}  // namespace

std::span<const TypeShape> type_shapes() {
  return shapes;
}

const TypeShape* shape_of(const Element& interface) {
  std::string_view const type = interface.at("@type");
  std::string_view const port = interface.at("virtualport/@type");
  auto const* found = std::find_if(shapes.begin(), shapes.end(), [&](const TypeShape& shape) {
    return shape.element == type && (shape.virtualport.empty() || shape.virtualport == port);
  });
  return found == shapes.end() ? nullptr : found;
}

std::string type_of(const Element& interface) {
  const TypeShape* shape = shape_of(interface);
  return std::string(shape ? shape->word : interface.at("@type"));
}

std::string source_of(const Element& interface) {
  const Element* source = interface.child("source");
  if (!source) return {};
  if (const TypeShape* shape = shape_of(interface)) {
    const std::string* name = source->attribute(shape->source);
    return name ? *name : std::string();
  }
  for (std::string_view const name : {"dev", "path", "name", "address"})
    if (const std::string* value = source->attribute(name)) return *value;
  return {};
}

std::string mac_of(const Element& interface) {
  return lower(interface.at("mac/@address"));
}

}  // namespace virt_iface
