// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/check_version.hpp"

#include <utility>

namespace virt_iface {

void require_carried(const std::vector<Interface>& interfaces, Libvirt libvirt) {
  if (libvirt == 0) return;
  const DomainTraits traits{.libvirt = libvirt};
  std::vector<Message> faults;
  for (const Interface& interface : interfaces)
    for (Message& message : check(interface, &traits))
      if (message.id == needs_libvirt) faults.push_back(std::move(message));
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
}

}  // namespace virt_iface
