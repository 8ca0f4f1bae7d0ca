// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/pci.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/text.hpp"

namespace virt_iface {

namespace {

std::optional<unsigned> hexadecimal(std::string_view digits) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

/// As libvirt reads an attribute: blanks in front of a number do not count.
std::optional<unsigned> part_of(std::string_view text) {
  if (text.empty()) return 0;
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  if (text.starts_with("0x") || text.starts_with("0X")) return hexadecimal(text.substr(2));
  const auto number = to_number(text);
  return number && *number <= 0xffffffffU ? std::optional(static_cast<unsigned>(*number)) : std::nullopt;
}

std::string padded(unsigned value, std::size_t digits) {
  std::array<char, 8> buffer{};
  auto* const end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, 16).ptr;
  const std::string text(buffer.data(), end);
  return std::string(digits > text.size() ? digits - text.size() : 0, '0') + text;
}

std::string text_of(std::optional<unsigned> domain, std::optional<unsigned> bus, std::optional<unsigned> slot,
                    std::optional<unsigned> function) {
  if (!domain || !bus || *bus > 255 || !slot || *slot > 31 || !function || *function > 7) return {};
  return padded(*domain, 4) + ':' + padded(*bus, 2) + ':' + padded(*slot, 2) + '.' + padded(*function, 1);
}

}  // namespace

std::string pci_address(std::string_view domain, std::string_view bus, std::string_view slot,
                        std::string_view function) {
  return text_of(part_of(domain), part_of(bus), part_of(slot), part_of(function));
}

std::string pci_address(std::string_view text) {
  std::string rest(text);
  if (rest.starts_with("pci_")) {
    rest.erase(0, 4);
    std::ranges::replace(rest, '_', ':');
    if (const std::size_t last = rest.rfind(':'); last != rest.npos) rest[last] = '.';
  }
  const std::size_t dot = rest.rfind('.');
  const std::size_t second = rest.rfind(':');
  if (dot == rest.npos || second == rest.npos || second > dot || second == 0) return {};
  const std::size_t first = rest.rfind(':', second - 1);
  const std::string_view all = rest;
  const std::string_view bus =
      first == rest.npos ? all.substr(0, second) : all.substr(first + 1, second - first - 1);
  const std::optional<unsigned> domain =
      first == rest.npos ? std::optional(0U) : hexadecimal(all.substr(0, first));
  return text_of(domain, hexadecimal(bus), hexadecimal(all.substr(second + 1, dot - second - 1)),
                 hexadecimal(all.substr(dot + 1)));
}

}  // namespace virt_iface
