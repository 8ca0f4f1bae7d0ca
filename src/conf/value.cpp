// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conf/value.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace virt_iface {

namespace {

/// What mail programs and word processors make of ' and ".
constexpr std::string_view typographic_quotes[] = {"‘", "’", "‚", "‛", "“", "”", "„", "‟",  "´",
                                                   "`", "«", "»", "‹", "›", "′", "″", "＂", "＇"};
constexpr std::string_view odd_blanks[] = {"\u00A0", "\u2007", "\u202F", "\u200B", "\u3000", "\uFEFF"};

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool begins_comment(std::string_view text, std::size_t at) {
  return (text[at] == '#' || text[at] == ';') && (at == 0 || is_blank(text[at - 1]));
}

std::string without_typographic_quotes(std::string_view item) {
  for (const std::string_view quote : typographic_quotes) {
    if (item.starts_with(quote)) return without_typographic_quotes(item.substr(quote.size()));
    if (item.ends_with(quote)) return without_typographic_quotes(item.substr(0, item.size() - quote.size()));
  }
  return std::string(item);
}

/// Reads item after item; `at_` is the byte to read next.
class ValueReader {
 public:
  explicit ValueReader(std::string_view text) : text_(text) {}

  Value read() {
    skip_blanks();
    value_.begin = value_.end = at_;
    while (!at_end() && !value_.fault) read_item_and_comma();
    const bool one_empty = value_.items.size() == 1 && value_.items.front().empty();
    if (one_empty) value_.items.clear();
    return std::move(value_);
  }

 private:
  bool at_end() const { return at_ >= text_.size() || begins_comment(text_, at_); }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  void read_item_and_comma() {
    const std::size_t begin = at_;
    value_.items.push_back(text_[at_] == '"' || text_[at_] == '\'' ? quoted() : plain());
    value_.written.push_back(trim(text_.substr(begin, at_ - begin)));
    if (value_.fault) return;
    skip_blanks();
    if (at_end()) return;
    if (text_[at_] != ',') {
      value_.fault = {at_, "text after the closing quote",
                      "put a comma between, or one pair of quotes around all"};
      return;
    }
    value_.has_comma = true;
    value_.end = ++at_;
    skip_blanks();
  }

  std::string quoted() {
    const std::size_t close = text_.find(text_[at_], at_ + 1);
    if (close == std::string_view::npos) {
      value_.fault = {at_, "the quote is not closed", std::string("end the value with ") + text_[at_]};
      return {};
    }
    std::string item(text_.substr(at_ + 1, close - at_ - 1));
    value_.end = at_ = close + 1;
    return item;
  }

  std::string plain() {
    const std::size_t begin = at_;
    while (!at_end() && text_[at_] != ',') ++at_;
    const std::string_view item = trim(text_.substr(begin, at_ - begin));
    value_.end = std::max(value_.end, begin + item.size());
    value_.fault = copied_fault(item, begin);
    return std::string(item);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Value value_;
};

}  // namespace

std::optional<ValueFault> copied_fault(std::string_view item, std::size_t offset) {
  const auto at_edge = [item](std::string_view mark) {
    return item.starts_with(mark) || item.ends_with(mark);
  };
  if (std::ranges::any_of(typographic_quotes, at_edge)) {
    const std::string plain = without_typographic_quotes(item);
    return ValueFault{offset, "typographic quotes around the value " + std::string(item),
                      plain.empty() ? "write plain quotes" : "write " + plain + " or \"" + plain + "\""};
  }
  if (std::ranges::any_of(odd_blanks, at_edge)) {
    return ValueFault{offset, "the value begins or ends with a blank that is not a plain space",
                      "write a plain space, or quotes around the value"};
  }
  return std::nullopt;
}

Value parse_value(std::string_view text) {
  return ValueReader(text).read();
}

std::size_t odd_blank(std::string_view text) {
  const auto* found =
      std::ranges::find_if(odd_blanks, [text](auto blank) { return text.starts_with(blank); });
  return found == std::end(odd_blanks) ? 0 : found->size();
}

}  // namespace virt_iface
