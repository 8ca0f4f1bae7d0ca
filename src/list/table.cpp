// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/table.hpp"

#include <algorithm>
#include <numeric>
#include <string_view>

#include "base/text.hpp"

namespace virt_iface {
namespace {

/// The width on a terminal: characters, not bytes.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

constexpr std::size_t width_of_mac = 17;

/// The first characters, the last of them an ellipsis.
std::string cut(const std::string& text, std::size_t most) {
  if (width(text) <= most) return text;
  std::size_t end = 0;
  for (std::size_t characters = 0; end < text.size(); ++end)
    if ((static_cast<unsigned char>(text[end]) & 0xC0U) != 0x80U && ++characters == most) break;
  return text.substr(0, end) + "\u2026";
}

/// The widths of the columns where `gap` blanks stand between them.
std::vector<std::size_t> fitting(std::vector<std::size_t> widths, std::size_t room, std::size_t gap) {
  std::size_t total = widths.empty() ? 0 : gap * (widths.size() - 1);
  for (std::size_t const one : widths) total += one;
  while (room != 0 && total > room) {
    auto const widest = std::ranges::max_element(widths);
    if (*widest <= width_of_mac) break;
    --*widest;
    --total;
  }
  return widths;
}

/// The widest cell of each column.
std::vector<std::size_t> widths_of(const Rows& rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()), 1);
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  return widths;
}

}  // namespace

std::string cell_text(std::string_view text) {
  std::string cell = printable(text);
  for (std::size_t tab = cell.find('\t'); tab != cell.npos; tab = cell.find('\t', tab))
    cell.replace(tab, 1, "\\x09");
  return cell;
}

void drop_columns(Rows& rows, std::span<const std::string_view> names, std::size_t room, std::size_t gap) {
  for (const std::string_view name : names) {
    const std::vector<std::size_t> widths = widths_of(rows);
    const std::size_t total = std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
    const auto found = std::ranges::find(rows.front(), name);
    if (room == 0 || total <= room) return;
    if (found == rows.front().end()) continue;
    const auto index = found - rows.front().begin();
    for (std::vector<std::string>& row : rows) row.erase(row.begin() + index);
  }
}

std::string format_table(Rows rows, std::size_t room) {
  for (auto& row : rows)
    for (std::string& cell : row) cell = cell.empty() ? "-" : cell_text(cell);
  std::vector<std::size_t> widths = widths_of(rows);
  std::size_t total = 0;
  for (std::size_t const one : widths) total += one + 2;
  std::size_t const gap = room != 0 && total > room + 2 ? 1 : 2;
  widths = fitting(std::move(widths), room, gap);
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      std::string const cell = cut(row[i], widths[i]);
      out += cell;
      if (i + 1 < row.size()) out.append(widths[i] - width(cell) + gap, ' ');
    }
    out += '\n';
  }
  return out;
}

}  // namespace virt_iface
