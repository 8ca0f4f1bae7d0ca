// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

struct Attribute {
  std::string name{};   ///< without a prefix: libvirt reads most of them by the name alone
  std::string value{};  ///< decoded: entities and character references resolved
};

/// A place where libvirt reads an interface otherwise than it looks.
struct Doubt {
  std::size_t place = 0;  ///< offset in Document::text
  std::string text{};     ///< what libvirt makes of it
  std::string hint{};
};

/// One element as a value. Offsets are bytes of Document::text and 0 for an element that a stylesheet made.
struct Element {
  std::string name{};  ///< with its prefix, if it has one
  std::vector<Attribute> attributes{};
  std::vector<Element> children{};
  std::string text{};           ///< the character data directly inside, decoded
  std::size_t begin = 0;        ///< of its `<`
  std::size_t tag_end = 0;      ///< behind the start tag's `>`
  std::size_t content_end = 0;  ///< of `</`; equal to tag_end for an empty-element tag
  std::size_t end = 0;          ///< behind its last `>`
  bool foreign = false;         ///< it comes out of an entity: it cannot be edited
  std::vector<Doubt> doubts{};  ///< of an `<interface>` the first, if any; the tree holds what libvirt reads

  bool empty_tag() const { return tag_end == end; }

  /// The attribute's value, or nullptr.
  const std::string* attribute(std::string_view attribute_name) const;
  /// The first child of that name, or nullptr.
  const Element* child(std::string_view child_name) const;
  /// The value at `child/child/@attribute` or `@attribute`; empty when absent.
  std::string_view at(std::string_view path) const;
};

}  // namespace virt_iface
