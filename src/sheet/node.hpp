// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "xml/document.hpp"

namespace virt_iface {

/// An attribute or an element's name, resolved.
struct NodeAttribute {
  std::string name{};  ///< with its prefix
  std::string uri{};   ///< of its namespace; empty: none
  std::string value{};
};

/// A namespace declaration; an empty prefix is the default namespace.
struct Declaration {
  std::string prefix{};
  std::string uri{};
};

/// One node of a whole document as a stylesheet sees it: entities expanded, CDATA as text, one text between
/// two other nodes. White space alone is left out where no other text stands beside it.
struct Node {
  enum class Kind { document, element, text, comment, instruction } kind = Kind::element;
  std::string name{};  ///< with its prefix; the target of an instruction
  std::string uri{};
  std::string value{};  ///< of text, comment and instruction
  std::vector<NodeAttribute> attributes{};
  std::vector<Declaration> declarations{};
  std::vector<Node> children{};
  std::size_t hash = 0;     ///< the same for what is equal
  Span span{};              ///< in Document::text; the whole run of text for what comes out of an entity
  std::size_t tag_end = 0;  ///< behind the start tag
  std::size_t content_end = 0;
  bool shared = false;  ///< comes out of an entity: others have its span too

  bool empty_tag() const { return tag_end == span.end; }
  /// True if it has text among its children.
  bool mixed() const;
};

/// Equal as XPath's deep-equal sees it: names, values and order of children; attributes in any order,
/// namespace declarations only by what they mean for names.
bool equal(const Node& a, const Node& b);

/// Fills in `hash` from kind, name, value, attributes and the children's hashes.
void seal(Node& node);

/// True if nothing but white space is in it.
bool is_blank(std::string_view text);

/// True if two elements, or two instructions, have the same name.
bool same_name(const Node& a, const Node& b);

}  // namespace virt_iface
