// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/missing.hpp"

#include "edit/apply.hpp"
#include "edit/live_view.hpp"
#include "hook/policy.hpp"

namespace virt_iface::hook {

Missing missing_interfaces(const Document& document, const Settings& settings) {
  Scanner scanner;
  Document const asked_for = with_networks(document, scanner);
  Missing missing{.certain = asked_for.bytes == document.bytes};
  std::vector<Interface> wanted;
  for (PolicyInterface& one : policy_of(settings, document.domain))
    wanted.push_back(std::move(one.interface));
  for (const std::vector<std::size_t>& group : by_source(wanted)) {
    ApplyRequest request{.libvirt = settings.libvirt};
    for (std::size_t const index : group) request.spec.interfaces.push_back(wanted[index]);
    try {
      for (Change& change : Applier(std::move(request)).plan(asked_for).changes)
        if (change.kind == Change::Kind::added) missing.interfaces.push_back(std::move(change.interface));
    } catch (const Error& error) {
      missing.faults.insert(missing.faults.end(), error.messages().begin(), error.messages().end());
    }
  }
  return missing;
}

}  // namespace virt_iface::hook
