// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace virt_iface {

/// What is to be said about a MAC address.
struct MacVerdict {
  std::string value{};  ///< six pairs in lower case, joined by colons
  std::string fault{};  ///< empty: the address is right
  std::string cure{};
};

/// A unicast address of six pairs, in any case.
MacVerdict judge_mac_address(std::string_view text);

/// The first one to three bytes of such an address.
MacVerdict judge_mac_bytes(std::string_view text);

}  // namespace virt_iface
