// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace virt_iface {

namespace {

constexpr std::string_view white = " \t\r\n\f\v";

unsigned char byte(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0;
}

/// The length of the well-formed UTF-8 character at the front of `text` (RFC 3629), 0 if there is none.
std::size_t utf8_length(std::string_view text) {
  const unsigned char first = byte(text, 0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text, i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned char second = byte(text, 1);
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool beyond = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || beyond ? 0 : length;
}

/// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> older(b.size() + 1);
  std::vector<std::size_t> old(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) old[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({old[j] + 1, row[j - 1] + 1, old[j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], older[j - 2] + 1);
    }
    std::swap(older, old);
    std::swap(old, row);
  }
  return old[b.size()];
}

std::string escaped(char c) {
  constexpr char digits[] = "0123456789abcdef";
  const auto value = static_cast<unsigned char>(c);
  return {'\\', 'x', digits[value >> 4U], digits[value & 15U]};
}

/// Unicode's Bidi_Control: they show what stands behind them in another order than it has.
constexpr std::string_view bidirectional =
    "\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069";

/// C0, DEL and C1 can move a terminal's cursor or change its title.
bool is_control(std::string_view character) {
  const unsigned char first = byte(character, 0);
  if (character.size() == 1) return (first < 0x20 && first != '\t') || first == 0x7F;
  return (first == 0xC2 && byte(character, 1) < 0xA0) ||
         (first > 0x7F && bidirectional.find(character) != bidirectional.npos);
}

}  // namespace

std::string_view trim(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(white);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white) - begin + 1);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != &parts.front()) out += separator;
    out += part;
  }
  return out;
}

std::optional<std::uint64_t> to_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
  constexpr std::size_t longest = 64;  // a longer word is no typing slip, and the comparison is quadratic
  if (word.empty() || word.size() > longest) return {};
  const std::string wanted = lower(word);
  std::string_view best;
  std::size_t best_distance = longest;
  for (const std::string_view candidate : candidates) {
    if (candidate.size() > longest) continue;
    const std::size_t away = distance(wanted, lower(candidate));
    if (away > std::max(wanted.size(), candidate.size()) / 3 || away >= best_distance) continue;
    best = candidate;
    best_distance = away;
  }
  return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? std::string{} : "did you mean " + std::string(near) + "?";
}

std::string named_instead(std::string_view word, const std::vector<std::string>& there) {
  if (there.empty()) return "it has none at all";
  const std::vector<std::string_view> views(there.begin(), there.end());
  const std::string near = did_you_mean(word, views);
  return near.empty() ? "it has " + join(there, ", ") : near;
}

bool is_utf8(std::string_view text) {
  return utf8_prefix(text) == text.size();
}

std::size_t utf8_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0) break;
    at += length;
  }
  return at;
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const std::string_view character = text.substr(0, std::max<std::size_t>(length, 1));
    if (length == 0 || is_control(character)) {
      for (const char c : character) out += escaped(c);
    } else {
      out += character;
    }
    text.remove_prefix(character.size());
  }
  return out;
}

bool begins_as_json(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  text = trim(text);
  if (text.starts_with('{')) return true;
  if (!text.starts_with('[')) return false;
  text = trim(text.substr(1));
  return text.starts_with('{') || text.starts_with(']');
}

std::string leftover_hint(std::string_view line) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> marks{
      {{"{{", "}}"}, {"{%", "%}"}, {"<%", "%>"}, {"${", "}"}, {"%(", ")s"}, {"%s", "%s"}}};
  for (const auto& [open, close] : marks) {
    const std::size_t begin = line.find(open);
    if (begin == std::string_view::npos) continue;
    const std::size_t end = line.find(close, begin);
    const std::size_t size = end == std::string_view::npos ? open.size() : end + close.size() - begin;
    return "'" + std::string(line.substr(begin, size)) + "' is left of a template: fill it in first";
  }
  return {};
}

bool is_device_name(std::string_view name) {
  // dev_valid_name() of the kernel.
  if (name.empty() || name.size() > 15 || name == "." || name == "..") return false;
  return name.find_first_of(std::string_view("/: \t\n\v\f\r\0", 9)) == std::string_view::npos;
}

}  // namespace virt_iface
