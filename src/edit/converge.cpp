// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/converge.hpp"

#include <algorithm>
#include <array>

#include "edit/plan.hpp"
#include "edit/read.hpp"
#include "spec/values.hpp"

namespace virt_iface {
namespace {

bool is_kept(std::string_view key) {
  constexpr std::array<std::string_view, 4> names{"type", "mac", "alias.name", "target.dev"};
  return std::find(names.begin(), names.end(), key) != names.end() || key.starts_with("address.") ||
         key.starts_with("virtualport.");
}

bool states_vlan(const Interface& interface) {
  return std::any_of(interface.settings.begin(), interface.settings.end(),
                     [](const Setting& setting) { return setting.key.starts_with("vlan."); });
}

}  // namespace

Convergence converged(const Document& document, const Wanted& wanted, const Pair& pair, bool strict) {
  const Element& present = document.domain.interfaces[pair.present];
  Convergence result{.present = pair.present, .before = read_interface(present)};
  result.after = result.before;
  auto warn = [&](const std::string& text, const std::string& cure) {
    result.warnings.push_back({.severity = Severity::warning,
                               .place = document.place(present.begin),
                               .text = describe(pair.present + 1, present) + text,
                               .cure = cure});
  };
  for (const Difference& difference : pair.differences) {
    if (!difference.wanted.empty()) {
      const Setting* stated = wanted.stated.find(difference.key);
      result.after.set(difference.key, difference.wanted, stated ? stated->place : Place{});
    } else if (states_vlan(wanted.stated)) {
      result.after.erase(difference.key);  // a part of the VLAN, which was stated otherwise
    } else if (!strict) {
      warn(" keeps " + difference.key + " = " + difference.present + ", which was not asked for",
           "take it away with update " + difference.key + "=");
    }
  }
  if (!strict) return result;
  Interface const seen = result.after;
  for (const Setting& setting : seen.settings) {
    if (is_kept(setting.key) || wanted.stated.find(setting.key)) continue;
    std::string const standard(wanted.complete.get(setting.key));
    if (equal_values(setting.key, standard, setting.value)) continue;
    standard.empty() ? void(result.after.erase(setting.key)) : result.after.set(setting.key, standard);
    warn(" loses " + setting.key + " = " + setting.value + ", which was not stated", {});
  }
  return result;
}

}  // namespace virt_iface
