// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

#include "xml/document.hpp"

namespace virt_iface {

/// How a document writes its elements, read off one of them and imitated by what is added beside it.
struct Style {
  std::string eol{};     ///< "\n", "\r\n" or "\r"; empty: everything on one line
  std::string indent{};  ///< white space before the element on its line
  std::string step{};    ///< what a child has more
  char quote = '\'';
  bool spaced_end = false;  ///< `<a />` rather than `<a/>`

  /// What stands before the element: line end and indentation.
  std::string lead() const { return eol.empty() ? std::string() : eol + indent; }
};

/// White space directly before `offset`: where it begins.
std::size_t white_space_before(std::string_view text, std::size_t offset);

/// The style of `model`, a whole element of the text; what it does not show is taken from its parent's
/// indentation and from the whole document.
Style style_of(const Document& document, Span model, std::size_t parent_begin);

/// The style for the first child of `parent`.
Style style_inside(const Document& document, const Element& parent);

/// The quote that the element's attributes are written in; without any, the document's usual one.
char quote_of(const Document& document, const Element& element);

/// Character data, escaped.
std::string escaped(std::string_view text);

/// The element as text in that style, without white space around it. Escapes what XML needs escaped.
std::string serialise(const Element& element, const Style& style);

/// ` name='value'`, escaped.
std::string serialise(const Attribute& attribute, char quote);

}  // namespace virt_iface
