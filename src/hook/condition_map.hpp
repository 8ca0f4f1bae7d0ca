// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "conf/conf.hpp"
#include "view/select.hpp"

namespace virt_iface::hook {

/// `[map.N]` of hook.conf: what interfaces get that meet its conditions.
struct ConditionMap {
  std::string heading{};  ///< `map.1`
  Place place{};          ///< of the heading
  Selector where{};
  std::vector<std::string> words{};  ///< as update takes them
  std::vector<Setting> settings{};   ///< what they mean
};

/// Those of a file, by their numbers, and what is wrong with the others.
struct ConditionMaps {
  std::vector<ConditionMap> maps{};
  std::vector<Message> faults{};
};
ConditionMaps read_condition_maps(const Conf& conf);

}  // namespace virt_iface::hook
