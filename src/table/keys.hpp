// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "table/types.hpp"

namespace virt_iface {

/// What a value must look like. Where libvirt's schema gives the rule, its name stands behind.
enum class Kind {
  word,          ///< one of Key::allowed, separated by '|'
  name,          ///< any non-empty text
  number,        ///< decimal; Key::allowed is `min-max`
  power_of_two,  ///< a number that is one
  integer,     ///< decimal or 0x…; Key::allowed is `max`, or `max/digits`: hexadecimal with so many digits
  numbers,     ///< comma list of numbers and ranges; Key::allowed is `min-max/all`: what `all` stands for
  mac,         ///< unicast address or `stable` (uniMacAddr)
  mac_prefix,  ///< one to three bytes of a unicast address
  uuid,        ///< UUID
  device,      ///< letters, digits and _ . : / \ - (deviceName)
  letters,     ///< letters, digits and the characters of Key::allowed
  target,      ///< a device of at most 15 bytes that libvirt does not name itself
  path,        ///< absolute
  model,       ///< letters, digits, - and _
  alias,       ///< `ua-` and letters, digits, _ - (aliasName, less the dot)
  alias_name,  ///< any alias (aliasName)
  filter,      ///< a name of a network filter (NCName)
  filter_parameter,  ///< comma list of letters, digits, _ . : (filter-param-value)
  profile,           ///< at most 39 characters, none that XML escapes (virtualPortProfileID)
  native_vlan,       ///< `tagged:ID` or `untagged:ID`
  type,              ///< a word of types() that is made
  bandwidth,         ///< `average[,peak[,burst]][,floor=N]`: short for the keys that begin with its name
  port_forward,      ///< `[ADDRESS[%DEV]:]START[-END][:TO][/tcp|udp]`, several by comma
  pci_address,       ///< `0000:01:00.0`: short for keys that begin with its name and end in Key::allowed
  usb_port,          ///< numbers joined by dots (usbPort)
  loadparm,          ///< up to eight letters, digits, dots and spaces
  node_set,          ///< `0-3,5`, `^4` (cpuset)
  kept,              ///< an element that virt-iface keeps where it is, and never makes
  seen,              ///< what libvirt writes while a guest runs: listed, kept, and never asked for
};

/// Bits of Key::meaning: what depends on a key, besides its spelling. Every row states at least one.
namespace meaning {
enum Bit : unsigned {
  plain = 1U << 0U,     ///< nothing of what follows
  identity = 1U << 1U,  ///< says which port of which network it is on
  names = 1U << 2U,     ///< says which interface it is, where a request states it
  isolates = 1U << 3U,  ///< keeps the guest apart, or says which network it is on; see is_isolating()
  guest = 1U << 4U,  ///< the guest sees it: fixed on migration and restore (virDomainNetDefCheckABIStability)
  unique = 1U << 5U,     ///< no two interfaces of a domain share it
  virtio = 1U << 6U,     ///< libvirt drops it on another model than virtio's
  anchor = 1U << 7U,     ///< without it its element goes
  runtime = 1U << 8U,    ///< libvirt chooses it where nobody does
  inherited = 1U << 9U,  ///< a network's definition can give it to its interfaces
  plugged = 1U << 10U,   ///< how the type is plugged in: nobody's loss where the type changes
};
}  // namespace meaning

/// In which domains a key may stand.
enum class Where {
  anywhere,
  s390,     ///< in s390x domains
  not_ccw,  ///< on no s390x device but a PCI one: libvirt or QEMU refuses it on a ccw device
};

/// One row of the table that everything reads which depends on a key.
struct Key {
  std::string_view name{};   ///< as users write it, e.g. `virtualport.parameters.interfaceid`
  std::string_view alias{};  ///< another accepted spelling (`model.type`), or empty
  /// Where the value lies in libvirt's element: `mtu/@size` an attribute, `tune/sndbuf` a text,
  /// `vlan/tag[]/@id` an element for each value of a list, `filterref/parameter[@name]/@value` one with the
  /// user's name; `source/@` is what the type says. Empty: it makes no element.
  std::string_view path{};
  Kind kind = Kind::name;
  std::string_view allowed{};
  Types types = 0;          ///< on which types the key may stand
  unsigned meaning = 0;     ///< bits of meaning::Bit
  std::string_view help{};  ///< one line
  Where where = Where::anywhere;
  std::string_view
      ports{};  ///< of a virtual port's parameter: its ports, joined by '|'; behind one that needs it a '!'
  /// The first libvirt that carries it, as `11.2`; `bridge 11.0` on that type, or with that value. Joined by
  /// '|'; empty: every one that virt-iface works with.
  std::string_view since{};

  bool means(meaning::Bit what) const { return (meaning & what) != 0; }
  bool is_family() const { return name.ends_with('.'); }
};

/// All keys that can be stated, in the order in which libvirt writes their elements (virDomainNetDefFormat,
/// 9.0.0). A name that ends in a dot (`filterref.parameter.`) is a family: a name of the user's follows.
std::span<const Key> keys();

/// The row for a spelling (name or alias; `filterref.parameter.X` finds its family's row), or nullptr.
const Key* find_key(std::string_view spelling);

/// The row whose value lies there in the element of an interface of those types, or nullptr. `path` has no
/// brackets: `vlan/tag/@id`.
const Key* key_at(std::string_view path, Types on);

/// The row of an element that is kept where it is and never made, or nullptr. Its types are those that QEMU
/// can have it on.
const Key* kept_element(std::string_view name);

/// The row of what is listed, and cannot be asked for (`mac.currentAddress`), or nullptr; of what lies at
/// that path in the element of an interface of those types.
const Key* find_seen(std::string_view name);
const Key* seen_at(std::string_view path, Types on);

/// Those rows.
std::vector<const Key*> seen_keys();

/// The canonical spelling of a key that find_key knows; families keep the user's name.
std::string canonical_key(const Key& key, std::string_view spelling);

/// Whether the key takes a comma list: `source` (an interface each), `vlan.tag`, `filterref.parameter.IP`.
bool takes_list(const Key& key);

/// What to write in place of an unknown key: `did you mean mtu.size?`, or empty.
std::string suggest_key(std::string_view spelling);

/// Whether `key` is `family` or a part of it: `vlan.tag` of `vlan`.
bool is_of(std::string_view key, std::string_view family);

/// The keys that a word stands for which is the front of several: `vlan`, `bandwidth.inbound`; none where it
/// is a key of its own or no front of any.
std::vector<std::string_view> family_of(std::string_view word);

/// Where libvirt writes an element beside its siblings: smaller is earlier. `path` as in `driver/host`.
std::size_t interface_child_rank(std::string_view path);

/// Whether the attribute at `path`, as in `boot/@order`, is the one without which its element goes.
bool is_anchor(std::string_view path);

/// The names of the children of `<interface>` that hold a key of that meaning, in libvirt's order.
std::vector<std::string_view> elements_that(meaning::Bit what);

}  // namespace virt_iface
