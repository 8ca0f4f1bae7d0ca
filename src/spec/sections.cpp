// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/sections.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"

namespace virt_iface {

namespace {

constexpr std::string_view heading = "interfaces.";

/// Larger than any template counts, and small enough that there is always a next number.
constexpr std::uint64_t largest = 999'999'999;

/// The number of an interface's section, however it is spelled.
std::optional<std::uint64_t> interface_number(std::string_view name) {
  if (!name.starts_with(heading)) return std::nullopt;
  name.remove_prefix(heading.size());
  for (const std::string_view again : {"interfaces.", "interface."}) {
    if (name.starts_with(again)) name.remove_prefix(again.size());
  }
  const auto number = to_number(name);
  return number && *number <= largest ? number : std::nullopt;
}

/// Kimchi's own, with what is nested in them.
bool is_kimchis(std::string_view name) {
  constexpr std::string_view sections[] = {"memory", "storage", "graphics", "processor"};
  const std::string_view outermost = name.substr(0, name.find('.'));
  return std::ranges::find(sections, outermost) != std::end(sections);
}

bool is_listed(std::string_view name, std::span<const std::string_view> list) {
  return std::ranges::any_of(list, [name](std::string_view one) {
    return one.ends_with('.') ? name.starts_with(one) && name.size() > one.size() : name == one;
  });
}

std::string hint_for(std::string_view name, std::span<const std::string_view> other_sections) {
  const std::string_view last = name.substr(std::min(name.rfind('.') + 1, name.size()));
  if (name.starts_with(heading)) return "write [interfaces.0], with a number up to 999999999";
  const std::string_view inner = name.substr(std::min(name.find("interface"), name.size()));
  if (!inner.empty() && to_number(last)) return "write [interfaces." + std::string(last) + "]";
  std::vector<std::string_view> candidates{"main",   "interfaces", "interfaces.0", "retarget",
                                           "memory", "storage",    "graphics",     "processor"};
  candidates.insert(candidates.end(), other_sections.begin(), other_sections.end());
  const std::string_view near = nearest(name, candidates);
  if (near == "interfaces.0" && to_number(last))
    return "did you mean [interfaces." + std::string(last) + "]?";
  return near.empty() ? std::string{} : "did you mean [" + std::string(near) + "]?";
}

}  // namespace

SectionMeaning meaning_of(std::string_view name, std::span<const std::string_view> other_sections) {
  if (name == "main") return {SectionKind::main, 0, {}};
  if (name == "interfaces") return {SectionKind::heading, 0, {}};
  if (name == "retarget") return {SectionKind::retarget, 0, {}};
  if (const auto number = interface_number(name)) return {SectionKind::interface, *number, {}};
  if (is_listed(name, other_sections) || is_kimchis(name)) return {SectionKind::other, 0, {}};
  return {SectionKind::unknown, 0, hint_for(name, other_sections)};
}

}  // namespace virt_iface
