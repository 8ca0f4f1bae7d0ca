// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/mac.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"

namespace virt_iface {

namespace {

/// The number at the front of `text`, which loses its digits.
std::optional<unsigned> take_byte(std::string_view& text) {
  unsigned byte = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + std::min<std::size_t>(text.size(), 2), byte, 16);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return byte;
}

/// The numbers of `text`, if it is one to six of them.
std::optional<std::string> bytes_of(std::string_view text, char separator) {
  std::string out;
  while (out.size() < 6) {
    const std::optional<unsigned> byte = take_byte(text);
    if (!byte) return std::nullopt;
    out.push_back(static_cast<char>(*byte));
    if (text.empty()) return out;
    if (text.front() != separator) return std::nullopt;
    text.remove_prefix(1);
  }
  return std::nullopt;
}

std::string pairs_of(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!out.empty()) out += ':';
    out.append({digits[byte >> 4U], digits[byte & 15U]});
  }
  return out;
}

std::optional<Mac> mac_of(const std::optional<std::string>& bytes) {
  if (!bytes || bytes->size() != 6) return std::nullopt;
  std::uint64_t number = 0;
  for (const char c : *bytes) number = number << 8U | static_cast<unsigned char>(c);
  return Mac(number);
}

}  // namespace

std::optional<Mac> Mac::parse(std::string_view text) {
  return mac_of(bytes_of(text, ':'));
}

std::string Mac::text() const {
  std::string bytes;
  for (unsigned shift = 48; shift != 0; shift -= 8)
    bytes.push_back(static_cast<char>(number_ >> (shift - 8) & 0xFFU));
  return pairs_of(bytes);
}

std::string mac_text(std::string_view text) {
  // libvirt reads an address up to white space behind it.
  const std::optional<Mac> mac = Mac::parse(text.substr(0, text.find_first_of(" \t\r\n")));
  return mac ? mac->text() : std::string(text);
}

MacVerdict judge_mac_address(std::string_view text) {
  const std::optional<Mac> mac = Mac::parse(text);
  if (!mac) {
    if (const std::optional<Mac> dashed = mac_of(bytes_of(text, '-')))
      return {{}, "is not six pairs joined by colons", "write " + dashed->text()};
    return {{}, "is not a MAC address of six pairs", "write it like 52:54:00:12:34:56, or stable"};
  }
  if (mac->is_multicast()) return {{}, "is a multicast address", "the second digit must be even"};
  if (mac->number() == 0) return {{}, "is all zeros", "leave it out, and libvirt chooses one"};
  return {mac->text(), {}, {}};
}

MacVerdict judge_mac_bytes(std::string_view text) {
  const std::optional<std::string> bytes = bytes_of(text, ':');
  if (!bytes || bytes->size() > 3 || text.size() % 3 != 2)
    return {{}, "is not one to three pairs joined by colons", "write 02, or 52:54:00"};
  if ((static_cast<unsigned char>(bytes->front()) & 1U) != 0)
    return {{}, "begins a multicast address", "the second digit must be even"};
  return {pairs_of(*bytes), {}, {}};
}

}  // namespace virt_iface
