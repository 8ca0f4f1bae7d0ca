// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/pattern.hpp"

#include <algorithm>

namespace virt_iface {

bool fits_pattern(std::string_view text, std::string_view pattern) {
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t star = std::string_view::npos;  // behind the last one; it has taken the text up to `taken`
  std::size_t taken = 0;
  while (at < text.size()) {
    const bool plain = in + 1 < pattern.size() && pattern[in] == '\\';
    const bool wild = in < pattern.size() && !plain && (pattern[in] == '?' || pattern[in] == '*');
    if (wild && pattern[in] == '*') {
      star = ++in;
      taken = at;
    } else if (wild || (in < pattern.size() && pattern[in + (plain ? 1 : 0)] == text[at])) {
      in += plain ? 2 : 1;
      do ++at;  // `?` is a character, of however many bytes
      while (wild && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U);
    } else if (star != std::string_view::npos) {
      in = star;
      at = ++taken;
    } else {
      return false;
    }
  }
  return pattern.substr(std::min(in, pattern.size())).find_first_not_of('*') == std::string_view::npos;
}

bool is_pattern(std::string_view pattern) {
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] == '\\')
      ++i;
    else if (pattern[i] == '*' || pattern[i] == '?')
      return true;
  }
  return false;
}

}  // namespace virt_iface
