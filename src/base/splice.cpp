// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/splice.hpp"

#include <algorithm>
#include <stdexcept>

namespace virt_iface {

Spliced splice(std::string_view text, EditList edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const Edit& a, const Edit& b) { return a.begin < b.begin; });
  std::size_t size = text.size();
  for (const Edit& edit : edits) size += edit.text.size();
  Spliced out;
  out.bytes.reserve(size);
  out.replaced.reserve(edits.size());
  std::size_t done = 0;
  for (const Edit& edit : edits) {
    if (edit.begin < done || edit.end < edit.begin) throw std::logic_error("two edits overlap");
    out.bytes.append(text, done, edit.begin - done);
    std::size_t const begin = out.bytes.size();
    out.bytes += edit.text;
    out.replaced.push_back({edit.begin, edit.end, begin, out.bytes.size()});
    done = edit.end;
  }
  out.bytes.append(text, done);
  return out;
}

}  // namespace virt_iface
