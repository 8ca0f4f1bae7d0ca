// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "spec/values.hpp"

namespace virt_iface {

namespace {

constexpr std::uint64_t most = 4294967295;

std::string speed(std::string_view text) {
  const auto number = to_number(text);
  if (!number || *number == 0 || *number > most) {
    throw Error(Exit::invalid,
                "holds '" + std::string(text) + "', which is not a number from 1 to 4294967295",
                "write average,peak,burst in KiB/s and KiB");
  }
  return std::to_string(*number);
}

}  // namespace

Bandwidth parse_bandwidth(std::string_view value) {
  Bandwidth out;
  const std::array<std::string*, 4> fields{&out.average, &out.peak, &out.burst, &out.floor};
  constexpr std::array<std::string_view, 4> names{"average", "peak", "burst", "floor"};
  std::size_t next = 0;
  for (const std::string_view part : split_list(value)) {
    const std::size_t equals = part.find('=');
    std::size_t field = next++;
    if (equals != std::string_view::npos) {
      field =
          static_cast<std::size_t>(std::ranges::find(names, trim(part.substr(0, equals))) - names.begin());
      next = names.size();
    }
    if (field >= names.size() || (equals == std::string_view::npos && field == 3)) {
      throw Error(Exit::invalid, "is not average[,peak[,burst]][,floor=N]", "write 1000,5000,1024");
    }
    if (!fields[field]->empty()) throw Error(Exit::invalid, "states " + std::string(names[field]) + " twice");
    *fields[field] = speed(equals == std::string_view::npos ? part : trim(part.substr(equals + 1)));
  }
  if (out.average.empty() && out.floor.empty())
    throw Error(Exit::invalid, "states no average", "write it first");
  return out;
}

}  // namespace virt_iface
