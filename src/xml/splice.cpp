// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/splice.hpp"

#include <utility>
#include <vector>

#include "xml/encoding.hpp"

namespace virt_iface {
namespace {

/// Moves the edits from the decoded text to the bytes.
void to_source(const Document& document, EditList& edits) {
  std::vector<std::size_t> places;
  for (const Edit& edit : edits) places.insert(places.end(), {edit.begin, edit.end});
  std::vector<std::size_t> const offsets = source_offsets(document.bytes, document.encoding, places);
  for (std::size_t i = 0; i < edits.size(); ++i) {
    edits[i].begin = offsets[2 * i];
    edits[i].end = offsets[2 * i + 1];
    edits[i].text = encode(edits[i].text, document.encoding);
  }
}

}  // namespace

Spliced splice(const Document& document, EditList edits) {
  if (!document.utf8()) to_source(document, edits);
  return splice(document.bytes, std::move(edits));
}

}  // namespace virt_iface
