// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace virt_iface {

/// A MAC address.
class Mac {
 public:
  /// Reads what libvirt reads (virMacAddrParse): six hexadecimal numbers of one or two digits, joined by
  /// colons.
  static std::optional<Mac> parse(std::string_view text);
  explicit constexpr Mac(std::uint64_t number) : number_(number) {}

  constexpr std::uint64_t number() const { return number_; }  ///< its 48 bits
  std::string text() const;                                   ///< six pairs in lower case, joined by colons
  constexpr bool is_multicast() const { return (number_ >> 40U & 1U) != 0; }

  friend constexpr auto operator<=>(const Mac&, const Mac&) = default;

 private:
  std::uint64_t number_ = 0;
};

/// The address as libvirt writes it; text that is none as it stands.
std::string mac_text(std::string_view text);

/// What is to be said about a MAC address.
struct MacVerdict {
  std::string value{};  ///< six pairs in lower case, joined by colons
  std::string fault{};  ///< empty: the address is right
  std::string hint{};
};

/// A unicast address, in any spelling that libvirt reads.
MacVerdict judge_mac_address(std::string_view text);

/// The first one to three bytes of such an address.
MacVerdict judge_mac_bytes(std::string_view text);

}  // namespace virt_iface
