// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/policy.hpp"

#include <map>

#include "base/text.hpp"
#include "edit/mac.hpp"

namespace virt_iface::hook {
namespace {

std::string seed_of(const PolicyInterface& wanted, const Domain& domain) {
  std::string const asked(wanted.interface.get("mac.seed"));
  std::string seed = asked == "name" ? domain.name : lower(domain.uuid);
  if (!asked.empty() && asked != "name" && asked != "uuid") seed.append(":").append(asked);
  return std::string(policy_seed) + seed + ':' + wanted.section;
}

}  // namespace

std::vector<PolicyInterface> policy_of(const Settings& settings, const Domain& domain) {
  std::vector<PolicyInterface> wanted = settings.interfaces;
  for (PolicyInterface& one : wanted)
    if (one.interface.get("mac") == "stable") one.interface.set("mac.seed", seed_of(one, domain));
  return wanted;
}

std::vector<std::vector<std::size_t>> by_source(const std::vector<Interface>& interfaces) {
  std::vector<std::vector<std::size_t>> groups;
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < interfaces.size(); ++i) {
    std::string const source =
        std::string(interfaces[i].get("type")) + ' ' + std::string(interfaces[i].get("source"));
    auto const [place, is_new] = places.try_emplace(source, groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(i);
  }
  return groups;
}

}  // namespace virt_iface::hook
