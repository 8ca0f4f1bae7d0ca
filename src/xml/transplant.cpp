// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/transplant.hpp"

#include "xml/encoding.hpp"

namespace virt_iface {

std::string transplant(const std::string& bytes, const Stylesheet& sheet,
                       const Stylesheet::Parameters& parameters, const std::string& file) {
  return sheet.apply(bytes, parameters, file);
}

}  // namespace virt_iface
