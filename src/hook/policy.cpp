// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/policy.hpp"

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

}  // namespace virt_iface::hook
