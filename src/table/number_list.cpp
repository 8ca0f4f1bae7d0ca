// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/number_list.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dash = text.find('-');
  const auto first = to_number(trim(text.substr(0, dash)));
  const auto last = dash == text.npos ? first : to_number(trim(text.substr(dash + 1)));
  if (!first || !last) return std::nullopt;
  return Range{*first, *last};
}

}  // namespace

Range range_of(std::string_view text) {
  return parse_range(text).value_or(Range{});
}

bool is_range(std::string_view text) {
  const std::optional<Range> range = parse_range(text);
  return range && range->min <= range->max;
}

std::string outside(Range range) {
  return "is not a number from " + std::to_string(range.min) + " to " + std::to_string(range.max);
}

NumberList parse_numbers(std::string_view text, Range allowed, Range all) {
  NumberList out;
  std::vector<bool> seen(allowed.max + 1);
  for (const std::string_view item : split_list(text)) {
    const std::optional<Range> range = item == "all" ? all : parse_range(item);
    if (!range || range->min < allowed.min || range->max > allowed.max)
      return {{}, item, outside(allowed), {}};
    if (range->min > range->max) return {{}, item, "ends before it begins", "write the smaller number first"};
    out.numbers.reserve(out.numbers.size() + range->max - range->min + 1);
    for (std::uint64_t number = range->min; number <= range->max; ++number) {
      if (seen[number]) return {{}, {}, "names " + std::to_string(number) + " twice", {}};
      seen[number] = true;
      out.numbers.push_back(number);
    }
  }
  return out;
}

std::string shortened(std::string_view numbers) {
  const std::vector<std::string_view> list = split_list(numbers);
  std::string out;
  for (std::size_t at = 0; at < list.size();) {
    std::size_t end = at + 1;
    const auto first = to_number(list[at]);
    while (first && end < list.size() && to_number(list[end]) == *first + (end - at)) ++end;
    // Two numbers are no shorter as a range.
    if (end - at < 3) end = at + 1;
    out.append(at == 0 ? "" : ",").append(list[at]);
    if (end - at > 1) out.append("-").append(list[end - 1]);
    at = end;
  }
  return out;
}

std::vector<std::string_view> split_list(std::string_view text) {
  std::vector<std::string_view> out;
  for (std::size_t comma = text.find(','); comma != std::string_view::npos; comma = text.find(',')) {
    out.push_back(trim(text.substr(0, comma)));
    text.remove_prefix(comma + 1);
  }
  if (!trim(text).empty() || out.empty()) out.push_back(trim(text));
  return out;
}

}  // namespace virt_iface
