// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/splice.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// The same of a document: offsets are those of Document::text, texts are UTF-8, and the bytes come out in
/// the document's encoding.
Spliced splice(const Document& document, EditList edits);

}  // namespace virt_iface
