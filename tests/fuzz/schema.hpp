// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "base/error.hpp"
#include "xml/schema.hpp"

namespace virt_iface::fuzz {

/// libvirt's schema, where it is installed.
inline std::unique_ptr<Schema> installed_schema() {
  try {
    return std::make_unique<Schema>("");
  } catch (const Error&) {
    return nullptr;
  }
}

/// libxml2 can take minutes over a large document that does not fit.
inline constexpr std::size_t most_to_validate = 16'000;

/// Whether that schema accepts a document; false where it cannot be asked.
inline bool is_accepted(const std::string& bytes, Root root) {
  static const std::unique_ptr<Schema> schema = installed_schema();
  if (!schema || bytes.size() > most_to_validate) return false;
  try {
    schema->validate(bytes, bytes, root, "fuzz.xml");
    return root != Root::interface;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace virt_iface::fuzz
