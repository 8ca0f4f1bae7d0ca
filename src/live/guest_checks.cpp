// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/guest_checks.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "base/text.hpp"
#include "view/types.hpp"

namespace virt_iface {

void require_networks(const std::function<const std::vector<Network>&()>& networks, const GuestPlan& plan) {
  const auto check = [&](const Element& interface, bool running) {
    if (type_of(interface) != "network") return;
    const std::string name = source_of(interface);
    const auto found = std::ranges::find(networks(), name, &Network::name);
    if (found == networks().end()) {
      std::vector<std::string> names;
      for (const Network& network : networks()) names.push_back(network.name);
      throw Error(Exit::system, "libvirt has no network '" + name + "'", named_instead(name, names));
    }
    if (running && !found->active)
      throw Error(Exit::system, "network '" + name + "' is not active, and " + plan.guest.label + " runs",
                  "virsh net-start " + name + ", or --config for the next start only");
  };
  for (const auto& [side, running] : {std::pair(&plan.config, false), std::pair(&plan.live, true)})
    if (*side)
      for (const Change& change : (*side)->plan.changes)
        if (change.kind != Change::Kind::removed) check(change.interface, running);
}

void require_valid(const Schema& schema, const GuestPlan& plan) {
  for (const auto* side : {&plan.config, &plan.live})
    if (*side && (*side)->before.bytes != (*side)->after.bytes)
      schema.validate((*side)->after.bytes, (*side)->before.bytes, (*side)->after.root, (*side)->after.file);
}

std::vector<Message> warnings_of(const GuestPlan& plan) {
  std::vector<Message> all;
  std::set<std::string> seen;
  for (const auto* side : {&plan.config, &plan.live})
    if (*side)
      for (const Message& message : (*side)->plan.warnings)
        if (seen.insert(message.text).second) all.push_back(message);
  return all;
}

}  // namespace virt_iface
