// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/lost_isolation.hpp"

#include "edit/plan.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

/// Of each of `before`, who stands for it in `after`, or nullptr.
std::vector<const Element*> successors(const std::vector<Element>& before,
                                       const std::vector<Element>& after) {
  std::vector<const Element*> out(before.size(), nullptr);
  std::vector<bool> taken(after.size());
  const auto take = [&](std::size_t i, std::size_t j) {
    out[i] = &after[j];
    taken[j] = true;
  };
  for (std::size_t i = 0; i < before.size(); ++i)
    for (std::size_t j = 0; j < after.size() && out[i] == nullptr; ++j)
      if (!taken[j] && !mac_of(before[i]).empty() && mac_of(before[i]) == mac_of(after[j])) take(i, j);
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i)
    if (out[i] == nullptr && !taken[i]) take(i, i);
  return out;
}

}  // namespace

std::vector<Message> lost_isolation(const std::string& file, const Domain& before, const Domain& after,
                                    const std::string& why) {
  std::vector<Message> messages;
  const std::vector<const Element*> now = successors(before.interfaces, after.interfaces);
  for (std::size_t i = 0; i < now.size(); ++i) {
    if (now[i] == nullptr) continue;
    const Interface had = read_interface(before.interfaces[i]);
    const Interface has = read_interface(*now[i]);
    for (const Setting& setting : had.settings) {
      const Setting* left = has.find(setting.key);
      if (!is_isolating(setting, had) || (left != nullptr && is_isolating(*left, has))) continue;
      messages.push_back({.severity = Severity::warning,
                          .place = {.file = file},
                          .text = describe(i + 1, before.interfaces[i]) + " loses " + setting.key + " = " +
                                  shown(setting.key, setting.value) + why});
    }
  }
  return messages;
}

}  // namespace virt_iface
