// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace virt_iface {

/// Bits of Key::types.
enum TypeBit : unsigned { on_macvtap = 1, on_ovs = 2, on_network = 4, on_bridge = 8, on_all = 15 };

/// What a value must look like.
enum class Kind {
  word,    ///< one of Key::allowed, separated by '|'
  name,    ///< any non-empty text libvirt's schema takes at that place
  number,  ///< a whole number; Key::allowed may hold `min-max`
  mac,     ///< unicast address or `stable`
  uuid,
  device,   ///< an interface name of the host
  path,     ///< absolute
  numbers,  ///< comma list of numbers
  // … one more for each rule that no other kind covers
  special,  ///< checked by its own function in spec.cpp
};

/// One row of the table that conf, `--interface`, JSON, help, completion and the man page read.
struct Key {
  std::string_view name;   ///< as users write it, e.g. `virtualport.parameters.interfaceid`
  std::string_view alias;  ///< another accepted spelling (`model.type`), or empty
  Kind kind;
  std::string_view allowed;
  unsigned types;         ///< TypeBit: on which types the key may stand
  std::string_view help;  ///< one line
};

/// All keys, in the order in which libvirt writes their elements (virDomainNetDefFormat, 9.0.0).
std::span<const Key> keys();

/// The row for a spelling (name or alias; `filterref.parameter.X` finds its family's row), or nullptr.
const Key* find_key(std::string_view spelling);

}  // namespace virt_iface
