// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// A set of types: a bit each, in the order of types().
using Types = std::uint32_t;

/// What an interface's source is.
enum class SourceIs {
  none,      ///< there is none to state
  name,      ///< any name
  device,    ///< a device of the kernel: its name has at most 15 bytes and no /
  path,      ///< an absolute path
  pci,       ///< a PCI address, 0000:3b:10.2: libvirt has it as an element of four attributes
  endpoint,  ///< address:port: libvirt has two attributes
};

/// One row of the table of types: all that the program knows of a type of interface.
struct Type {
  std::string_view word;     ///< ours
  std::string_view libvirt;  ///< interface/@type
  std::string_view source;   ///< the attribute of <source> that names what it is plugged into; empty: none
  SourceIs source_is;        ///< what is stated as `source`
  std::string_view noun;     ///< what `source` names, for messages
  bool made;  ///< virt-iface makes it; else it lists, shows and removes it, changes what it has in common
              ///< with others, and makes another type of it
  std::string_view port;   ///< the virtualport/@type that tells it from another type of the same libvirt word
  std::string_view ports;  ///< the virtual ports that may be stated on it, joined by '|'
  std::string_view modes;  ///< the modes one of which must be stated, joined by '|'; empty: it has none
  std::string_view other;  ///< other accepted words, joined by '|'
  std::string_view near;   ///< words that are not accepted, but likely to be meant so, joined by '|'
};

/// All types. One that a port marks stands in front of the one without.
std::span<const Type> types();

/// The row of one of our words, or nullptr.
const Type* find_type(std::string_view word);

/// The row of libvirt's word and the type of the virtual port; nullptr for a word that is not libvirt's.
const Type* type_of_element(std::string_view libvirt, std::string_view port);

/// The bit of one of our words; 0 for another word.
Types type_bit(std::string_view word);

/// The row of the type that another tool's word means (`openvswitch`), or nullptr.
const Type* type_meant_by(std::string_view word);

/// The words of the types that virt-iface makes, joined by '|': as Key::allowed has them.
std::string_view made_types();

/// `a|b|c` as words; none of an empty text.
std::vector<std::string_view> words(std::string_view joined);

/// Whether `word` is one of `a|b|c`.
bool is_among(std::string_view word, std::string_view joined);

}  // namespace virt_iface
