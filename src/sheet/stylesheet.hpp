// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sheet/node.hpp"
#include "xml/element.hpp"

namespace virt_iface {

/// What a stylesheet makes of a whole document.
struct Transformed {
  Node document{};
  std::string said{};  ///< with <xsl:message>, a line each
};

/// A compiled stylesheet. It sees the source it is given and nothing else: no file, no network, no DTD.
class Stylesheet {
 public:
  /// Compiles text; `name` stands in messages. Imports are refused. Throws Error (invalid).
  Stylesheet(std::string_view text, const std::string& name);
  /// Compiles a user's file: imports and includes only from beneath its directory. Throws Error (invalid;
  /// system when the file cannot be read).
  static Stylesheet from_file(const std::string& path);
  Stylesheet(Stylesheet&&) noexcept;
  Stylesheet& operator=(Stylesheet&&) noexcept;
  ~Stylesheet();

  /// The one element that the sheet makes of `source`. Throws Error (invalid) with the sheet's own message.
  Element apply(const Element& source) const;

  using Parameters = std::vector<std::pair<std::string, std::string>>;
  /// What the sheet makes of a whole document (UTF-8, whatever its declaration says). Of a parameter given
  /// twice the last counts. `file` stands in messages. Throws Error (invalid); a sheet that does not end does
  /// so too.
  Transformed apply(std::string_view document, const Parameters& parameters, const std::string& file) const;

 private:
  struct Compiled;
  explicit Stylesheet(std::unique_ptr<Compiled> compiled);
  std::unique_ptr<Compiled> compiled_;
};

}  // namespace virt_iface
