// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "sheet/stylesheet.hpp"

namespace virt_iface {

struct TransformedDocument {
  std::string bytes{};
  std::vector<Message> notes{};  ///< what the stylesheet says with <xsl:message>
};

/// Runs a user's stylesheet over a document. Subtrees that come out deep-equal keep their bytes; what the
/// sheet made stands where it made it, in the document's encoding. Throws Error (invalid).
TransformedDocument transform_document(const std::string& bytes, const Stylesheet& sheet,
                                       const Stylesheet::Parameters& parameters, const std::string& file);

}  // namespace virt_iface
