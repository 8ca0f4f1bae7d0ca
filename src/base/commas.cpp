// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/commas.hpp"

namespace virt_iface {

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ',') {
      parts.back() += text[at];
    } else if (text.substr(at).starts_with(",,")) {
      parts.back() += text[at++];
    } else {
      parts.emplace_back();
    }
  }
  return parts;
}

}  // namespace virt_iface
