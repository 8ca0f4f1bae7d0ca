// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/table.hpp"

#include <algorithm>
#include <string_view>

namespace virt_iface {
namespace {

/// The width on a terminal: characters, not bytes.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string printable(std::string text) {
  if (text.empty()) return "-";
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = '?';
  return text;
}

}  // namespace

std::string format_table(const std::vector<std::vector<std::string>>& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 1);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string cell = printable(row[i]);
      out += cell;
      if (i + 1 < row.size()) out.append(widths[i] - width(cell) + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace virt_iface
