// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "xml/stylesheet.hpp"

namespace virt_iface {

struct Transplanted {
  std::string bytes{};
  std::vector<Message> notes{};  ///< what the stylesheet says with <xsl:message>
};

/// Runs a user's stylesheet over a document. Subtrees that come out deep-equal keep their bytes; what the
/// sheet made stands where it made it, in the document's encoding. Throws Error (invalid).
Transplanted transplant(const std::string& bytes, const Stylesheet& sheet,
                        const Stylesheet::Parameters& parameters, const std::string& file);

}  // namespace virt_iface
