// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/splice.hpp"

#include <algorithm>
#include <stdexcept>

#include "xml/encoding.hpp"

namespace virt_iface {
namespace {

/// Moves the edits from the decoded text to the bytes.
void to_source(const Document& document, std::vector<Edit>& edits) {
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

Spliced splice(const Document& document, std::vector<Edit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  if (!document.utf8()) to_source(document, edits);
  std::size_t size = document.bytes.size();
  for (const Edit& edit : edits) size += edit.text.size();
  Spliced out;
  out.bytes.reserve(size);
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < done || edit.end < edit.begin) throw std::logic_error("two edits overlap");
    out.bytes.append(document.bytes, done, edit.begin - done);
    std::size_t const begin = out.bytes.size();
    out.bytes += edit.text;
    out.replaced.push_back({edit.begin, edit.end, begin, out.bytes.size()});
    done = edit.end;
  }
  out.bytes.append(document.bytes, done);
  return out;
}

}  // namespace virt_iface
