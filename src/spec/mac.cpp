// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/mac.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace virt_iface {

namespace {

constexpr std::string_view digits = "0123456789abcdef";

/// Whether `text` (in lower case) is pairs of hexadecimal digits joined by `separator`.
bool is_pairs(std::string_view text, char separator) {
  if (text.size() % 3 != 2) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 3 == 2 ? text[i] != separator : digits.find(text[i]) == std::string_view::npos) return false;
  }
  return true;
}

bool is_multicast(std::string_view pairs) {
  return (digits.find(pairs[1]) & 1U) != 0;
}

}  // namespace

MacVerdict judge_mac_address(std::string_view text) {
  std::string mac = lower(text);
  if (mac.size() == 17 && is_pairs(mac, '-')) {
    std::ranges::replace(mac, '-', ':');
    return {{}, "is not six pairs joined by colons", "write " + mac};
  }
  if (mac.size() != 17 || !is_pairs(mac, ':')) {
    return {{}, "is not a MAC address of six pairs", "write it like 52:54:00:12:34:56, or stable"};
  }
  if (is_multicast(mac)) return {{}, "is a multicast address", "the second digit must be even"};
  if (mac == "00:00:00:00:00:00") return {{}, "is all zeros", "leave it out, and libvirt chooses one"};
  return {mac, {}, {}};
}

MacVerdict judge_mac_bytes(std::string_view text) {
  std::string prefix = lower(text);
  if (prefix.size() > 8 || !is_pairs(prefix, ':')) {
    return {{}, "is not one to three pairs joined by colons", "write 02, or 52:54:00"};
  }
  if (is_multicast(prefix)) return {{}, "begins a multicast address", "the second digit must be even"};
  return {prefix, {}, {}};
}

}  // namespace virt_iface
