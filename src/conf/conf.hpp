// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace virt_iface {

/// One `key = value` line. Offsets are bytes of Conf::text.
struct Entry {
  std::string key{};
  std::string value{};  ///< without comment and outer white space; quotes removed when one item
  std::vector<std::string>
      items{};                  ///< the value as a comma list, quotes removed; a trailing comma adds none
  bool has_comma = false;       ///< a comma stands outside quotes
  std::size_t begin = 0;        ///< of the line
  std::size_t end = 0;          ///< behind the line's end
  std::size_t key_begin = 0;    ///< without its quotes
  std::size_t value_begin = 0;  ///< of the value as written (right behind the `=`, if empty)
  std::size_t value_end = 0;
};

/// One `[section]`; nested headings are joined by dots: `[[disk.0]]` under `[storage]` is `storage.disk.0`.
struct Section {
  std::string name{};
  std::size_t depth = 1;  ///< number of brackets in the heading
  std::size_t begin = 0;  ///< of the heading's line
  std::size_t end = 0;    ///< of the next heading's line, or of the text
  std::vector<Entry> entries{};
};

/// A configuration as text with the places of everything: syntax only, no meaning.
struct Conf {
  std::string file{};
  std::string text{};
  std::vector<Section> sections{};
  std::vector<std::size_t> line_begins{};  ///< offset of each line's first character; line 1 is behind a BOM

  /// The place of a byte; messages show its file and line, and the column by the caret.
  Place place(std::size_t offset) const;
};

/// Reads ConfigObj-style text: `#` and `;` comments, quotes, CRLF, a BOM, `[section]`, `[[nested]]`.
/// Throws Error (invalid) with every fault found: no `=`, an unclosed bracket or quote, invalid UTF-8,
/// JSON or XML, typographic quotes around a value, a key twice, a section twice, an entry before any section.
Conf parse_conf(std::string text, std::string file);

}  // namespace virt_iface
