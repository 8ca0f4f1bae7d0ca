// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/line_diff.hpp"

#include <algorithm>

#include "batch/diff.hpp"

namespace virt_iface {
namespace {

/// Above this many pairs of lines the search would take longer than anybody reads.
constexpr std::size_t most_pairs = 4'000'000;

/// Where each line begins, and behind them the end of the text.
std::vector<std::size_t> line_begins(std::string_view text) {
  std::vector<std::size_t> begins;
  for (std::size_t at = 0; at < text.size();) {
    begins.push_back(at);
    std::size_t const newline = text.find('\n', at);
    at = newline == text.npos ? text.size() : newline + 1;
  }
  begins.push_back(text.size());
  return begins;
}

/// Lines of a text, each with its line end.
struct Lines {
  std::string_view text;
  std::vector<std::size_t> begins;

  explicit Lines(std::string_view of) : text(of), begins(line_begins(of)) {}
  std::size_t count() const { return begins.size() - 1; }
  std::string_view at(std::size_t i) const { return text.substr(begins[i], begins[i + 1] - begins[i]); }
};

/// The length of the longest common subsequence of what stands from (i, j) on.
std::vector<std::vector<unsigned>> common_lengths(const Lines& a, const Lines& b) {
  std::vector<std::vector<unsigned>> length(a.count() + 1, std::vector<unsigned>(b.count() + 1));
  for (std::size_t i = a.count(); i-- > 0;)
    for (std::size_t j = b.count(); j-- > 0;)
      length[i][j] =
          a.at(i) == b.at(j) ? length[i + 1][j + 1] + 1 : std::max(length[i + 1][j], length[i][j + 1]);
  return length;
}

}  // namespace

std::vector<Replaced> differing_lines(std::string_view before, std::string_view after) {
  Lines const a(before);
  Lines const b(after);
  if (a.count() * b.count() > most_pairs) return differing_stretch(before, after);
  auto const length = common_lengths(a, b);
  std::vector<Replaced> out;
  std::size_t i = 0;
  std::size_t j = 0;
  while (i < a.count() || j < b.count()) {
    std::size_t const from_i = i;
    std::size_t const from_j = j;
    while (i < a.count() && j < b.count() && a.at(i) == b.at(j)) ++i, ++j;
    if (i != from_i) continue;
    while ((i < a.count() || j < b.count()) && !(i < a.count() && j < b.count() && a.at(i) == b.at(j))) {
      bool const take_old = j == b.count() || (i < a.count() && length[i + 1][j] >= length[i][j + 1]);
      ++(take_old ? i : j);
    }
    out.push_back({a.begins[from_i], a.begins[i], b.begins[from_j], b.begins[j]});
  }
  return out;
}

}  // namespace virt_iface
