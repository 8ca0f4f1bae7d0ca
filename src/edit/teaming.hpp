// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <set>
#include <vector>

#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// What a plan makes of a document's interfaces, by their indexes.
struct Outcome {
  std::map<std::size_t, Interface> changed{};
  std::set<std::size_t> removed{};
  std::vector<const Interface*> added{};
};

/// What libvirt's qemu driver refuses of pairs of failover interfaces (qemuValidateDomainDeviceDefNetwork and
/// virDomainNetDefValidate, 9.0.0), and the document did not have before: a persistent one that is not
/// virtio's, two MACs, a partner that is gone, renamed or no persistent one. Also a MAC that others share
/// than the halves of one pair.
std::vector<Message> team_faults(const Document& document, const Outcome& outcome);

/// A warning for each interface that stays and whose transient partner is among those removed.
std::vector<Message> lost_partners(const Document& document, const std::set<std::size_t>& removed);

/// The index of the persistent partner of a transient interface; nothing if there is none.
std::optional<std::size_t> partner_of(const Interface& transient, const std::vector<Interface>& all);

}  // namespace virt_iface
