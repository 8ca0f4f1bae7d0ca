// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/diff.hpp"

#include <algorithm>
#include <filesystem>

namespace virt_iface {
namespace {

constexpr std::size_t context = 3;

/// The lines of a text, each with its line end; the last may have none.
std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    std::size_t const eol = text.find('\n');
    std::size_t const size = eol == text.npos ? text.size() : eol + 1;
    lines.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
  return lines;
}

/// The number of the line on which `offset` stands, from 0.
std::size_t line_of(const std::vector<std::size_t>& starts, std::size_t offset) {
  return static_cast<std::size_t>(std::upper_bound(starts.begin(), starts.end(), offset) - starts.begin()) -
         1;
}

std::vector<std::size_t> starts_of(const std::vector<std::string_view>& lines) {
  std::vector<std::size_t> starts{0};
  for (std::string_view line : lines) starts.push_back(starts.back() + line.size());
  return starts;
}

/// Lines [old_begin, old_end) became lines [new_begin, new_end).
struct Block {
  std::size_t old_begin, old_end, new_begin, new_end;
};

class Differ {
 public:
  Differ(std::string_view before, std::string_view after, bool colour)
      : old_(lines_of(before)), new_(lines_of(after)), colour_(colour) {}

  std::vector<Block> blocks(const std::vector<Replaced>& replaced) const;
  void hunk(const std::vector<Block>& blocks, std::size_t first, std::size_t last, std::string& out) const;

 private:
  void trim(Block& block) const;
  void line(char sign, std::string_view text, std::string& out) const;

  std::vector<std::string_view> old_;
  std::vector<std::string_view> new_;
  bool colour_;
};

/// Leaves out what is equal at both ends of a block.
void Differ::trim(Block& b) const {
  while (b.old_begin < b.old_end && b.new_begin < b.new_end && old_[b.old_begin] == new_[b.new_begin]) {
    ++b.old_begin;
    ++b.new_begin;
  }
  while (b.old_begin < b.old_end && b.new_begin < b.new_end && old_[b.old_end - 1] == new_[b.new_end - 1]) {
    --b.old_end;
    --b.new_end;
  }
}

std::vector<Block> Differ::blocks(const std::vector<Replaced>& replaced) const {
  std::vector<std::size_t> const old_starts = starts_of(old_);
  std::vector<std::size_t> const new_starts = starts_of(new_);
  std::vector<Block> result;
  for (const Replaced& r : replaced) {
    Block block{line_of(old_starts, r.old_begin), std::min(line_of(old_starts, r.old_end) + 1, old_.size()),
                line_of(new_starts, r.new_begin), std::min(line_of(new_starts, r.new_end) + 1, new_.size())};
    if (!result.empty() && block.old_begin < result.back().old_end) {
      result.back().old_end = block.old_end;
      result.back().new_end = block.new_end;
    } else {
      result.push_back(block);
    }
  }
  for (Block& block : result) trim(block);
  std::erase_if(result, [](const Block& b) { return b.old_begin == b.old_end && b.new_begin == b.new_end; });
  return result;
}

void Differ::line(char sign, std::string_view text, std::string& out) const {
  bool const ended = text.ends_with('\n');
  if (colour_ && sign != ' ') out += sign == '+' ? "\033[32m" : "\033[31m";
  out += sign;
  out += ended ? text.substr(0, text.size() - 1) : text;
  if (colour_ && sign != ' ') out += "\033[m";
  out += ended ? "\n" : "\n\\ No newline at end of file\n";
}

/// `-first,count`; a count of 0 names the line before, as diff does.
std::string range(char sign, std::size_t begin, std::size_t count) {
  std::string text(1, sign);
  text += std::to_string(count == 0 ? begin : begin + 1);
  if (count != 1) text += ',' + std::to_string(count);
  return text;
}

void Differ::hunk(const std::vector<Block>& blocks, std::size_t first, std::size_t last,
                  std::string& out) const {
  std::size_t const lead = std::min(context, blocks[first].old_begin);
  std::size_t const trail = std::min(context, old_.size() - blocks[last].old_end);
  std::size_t const old_begin = blocks[first].old_begin - lead;
  std::size_t const new_begin = blocks[first].new_begin - lead;
  std::size_t const old_count = blocks[last].old_end + trail - old_begin;
  std::size_t const new_count = blocks[last].new_end + trail - new_begin;
  if (colour_) out += "\033[36m";
  out += "@@ " + range('-', old_begin, old_count) + ' ' + range('+', new_begin, new_count) + " @@";
  out += colour_ ? "\033[m\n" : "\n";
  std::size_t here = old_begin;
  for (std::size_t i = first; i <= last; ++i) {
    for (; here < blocks[i].old_begin; ++here) line(' ', old_[here], out);
    for (; here < blocks[i].old_end; ++here) line('-', old_[here], out);
    for (std::size_t n = blocks[i].new_begin; n < blocks[i].new_end; ++n) line('+', new_[n], out);
  }
  for (std::size_t end = here + trail; here < end; ++here) line(' ', old_[here], out);
}

/// A file's name so that patch sees where it ends: as GNU diff and git quote what is no plain character.
std::string label_of(const std::string& name) {
  constexpr std::string_view codes = "\a\b\t\n\v\f\r\"\\";
  constexpr std::string_view letters = "abtnvfr\"\\";
  auto const octal = [](unsigned digit) { return static_cast<char>('0' + (digit & 7U)); };
  std::string quoted;
  bool plain = true;
  for (char const c : name) {
    auto const code = static_cast<unsigned char>(c);
    bool const control = code < 0x20 || code == 0x7f;
    std::size_t const at = codes.find(c);
    plain = plain && !control && at == codes.npos;
    if (at != codes.npos)
      quoted.append({'\\', letters[at]});
    else if (control)
      quoted.append({'\\', octal(code >> 6U), octal(code >> 3U), octal(code)});
    else
      quoted += c;
  }
  if (!plain) return '"' + quoted + '"';
  return name.find(' ') == name.npos ? name : name + '\t';
}

/// Below the root and in one spelling, or git apply takes it for invalid. A guest's URI is no path.
std::string path_of(const std::string& name) {
  if (name.find("://") != name.npos) return name;
  return std::filesystem::path(name).lexically_normal().relative_path();
}

}  // namespace

std::string unified_diff(const std::string& name, std::string_view before, std::string_view after,
                         const std::vector<Replaced>& replaced, bool colour) {
  Differ const differ(before, after, colour);
  std::vector<Block> const blocks = differ.blocks(replaced);
  if (blocks.empty()) return {};
  std::string const bold = colour ? "\033[1m" : "";
  std::string const plain = colour ? "\033[m" : "";
  std::string const path = path_of(name);
  std::string out = bold + "--- " + label_of("a/" + path) + plain + '\n';
  out += bold + "+++ " + label_of("b/" + path) + plain + '\n';
  for (std::size_t first = 0; first < blocks.size();) {
    std::size_t last = first;
    while (last + 1 < blocks.size() && blocks[last + 1].old_begin - blocks[last].old_end <= 2 * context)
      ++last;
    differ.hunk(blocks, first, last, out);
    first = last + 1;
  }
  return out;
}

std::vector<Replaced> differing_stretch(std::string_view before, std::string_view after) {
  if (before == after) return {};
  std::size_t const most = std::min(before.size(), after.size());
  std::size_t front = 0;
  while (front < most && before[front] == after[front]) ++front;
  std::size_t end = 0;
  while (end < most - front && before[before.size() - 1 - end] == after[after.size() - 1 - end]) ++end;
  return {{front, before.size() - end, front, after.size() - end}};
}

}  // namespace virt_iface
