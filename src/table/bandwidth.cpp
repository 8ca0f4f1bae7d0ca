// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

constexpr std::array<std::string_view, 4> names{"average", "peak", "burst", "floor"};
constexpr std::size_t by_place = 3;  // floor is always named
constexpr std::uint64_t most = 4294967295;

bool is_speed(std::string_view text) {
  const auto number = to_number(text);
  return number && *number != 0 && *number <= most;
}

}  // namespace

Bandwidth parse_bandwidth(std::string_view value) {
  Bandwidth out;
  std::size_t next = 0;
  for (const std::string_view part : split_list(value)) {
    const std::size_t equals = part.find('=');
    std::size_t field = next++;
    if (equals != part.npos) {
      field =
          static_cast<std::size_t>(std::ranges::find(names, trim(part.substr(0, equals))) - names.begin());
      next = by_place;
    } else if (field >= by_place) {
      field = names.size();
    }
    if (field == names.size()) return {{}, "is not average[,peak[,burst]][,floor=N]", "write 1000,5000,1024"};
    const std::string_view speed = equals == part.npos ? part : trim(part.substr(equals + 1));
    if (!is_speed(speed))
      return {{},
              "holds '" + std::string(speed) + "', which is not a number from 1 to 4294967295",
              "write average,peak,burst in KiB/s and KiB"};
    if (std::ranges::any_of(out.parts, [&](const auto& known) { return known.first == names[field]; }))
      return {{}, "states " + std::string(names[field]) + " twice", {}};
    out.parts.emplace_back(names[field], std::to_string(*to_number(speed)));
  }
  return out;
}

}  // namespace virt_iface
