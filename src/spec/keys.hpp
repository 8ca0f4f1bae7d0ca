// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace virt_iface {

/// Bits of Key::types.
enum TypeBit : unsigned { on_macvtap = 1, on_ovs = 2, on_network = 4, on_bridge = 8, on_all = 15 };

/// What a value must look like. Where libvirt's schema gives the rule, its name stands behind.
enum class Kind {
  word,          ///< one of Key::allowed, separated by '|'
  name,          ///< any non-empty text
  number,        ///< decimal; Key::allowed is `min-max`
  power_of_two,  ///< a number that is one
  integer,     ///< decimal or 0x…; Key::allowed is `max`, or `max/digits`: hexadecimal with so many digits
  numbers,     ///< comma list of numbers; Key::allowed is `min-max`
  mac,         ///< unicast address or `stable` (uniMacAddr)
  mac_prefix,  ///< one to three bytes of a unicast address
  uuid,        ///< UUID
  device,      ///< letters, digits and _ . : / \ - (deviceName)
  target,      ///< a device of at most 15 bytes that libvirt does not name itself
  path,        ///< absolute
  model,       ///< letters, digits, - and _
  alias,       ///< `ua-` and letters, digits, _ - (aliasName, less the dot)
  alias_name,  ///< any alias (aliasName)
  filter,      ///< a name of a network filter (NCName)
  filter_parameter,  ///< letters, digits, _ . : (filter-param-value)
  profile,           ///< at most 39 characters, none that XML escapes (virtualPortProfileID)
  native_vlan,       ///< `tagged:ID` or `untagged:ID`
  bandwidth,         ///< `average[,peak[,burst]][,floor=N]`
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

/// All keys, in the order in which libvirt writes their elements (virDomainNetDefFormat, 9.0.0). A name that
/// ends in a dot (`filterref.parameter.`) is a family: a name of the user's follows.
std::span<const Key> keys();

/// The row for a spelling (name or alias; `filterref.parameter.X` finds its family's row), or nullptr.
const Key* find_key(std::string_view spelling);

/// The canonical spelling of a key that find_key knows; families keep the user's name.
std::string canonical_key(const Key& key, std::string_view spelling);

/// Whether the key takes a comma list: `source` (an interface each), `vlan.tag`, `bandwidth.*`.
bool takes_list(const Key& key);

/// What to write in place of an unknown key: `did you mean mtu.size?`, or empty.
std::string suggest_key(std::string_view spelling);

/// The bit of one of our types, 0 for another word.
unsigned type_bit(std::string_view type);

}  // namespace virt_iface
