// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "edit/plan.hpp"
#include "table/interface.hpp"
#include "xml/document.hpp"
#include "xml/scan.hpp"

namespace virt_iface {

/// A warning for each interface of a running guest's XML that libvirt would take off its network, were the
/// result of the plan defined (see is_running_network).
std::vector<Message> warnings_of_running(const Document& document, const Plan& plan);

/// The document of a running guest with its networks' interfaces as such. libvirt (9.0.0) describes one by
/// what it became, `type='bridge'` with `<source network='lan' portid='…' bridge='br0'/>`, and takes that
/// back as a plain bridge: the interface would leave its network. As `type='network'` with the network alone
/// it stays.
Document with_networks(Document live, Scanner& scanner);

/// What an interface of a running guest has from its network's definition: a `<vlan>`, a `<virtualport>`.
struct Inherited {
  std::string name{};
  std::string text{};  ///< the whole element
};

/// A running guest as its interfaces were asked for.
struct LiveView {
  Document document{};  ///< without what is inherited
  /// By interface. One that is given back to libvirt needs it.
  std::vector<std::vector<Inherited>> inherited{};
};

/// What a network's definition gives to an interface in that port group (empty: the default one), in our
/// words.
Interface given_by_network(const Element& network, std::string_view group);

/// The definition of a network.
using NetworkDefinition = std::function<std::string(const std::string& name)>;

/// An interface has from its network what the network's definition gives to its port group, and the guest's
/// own configuration (libvirt's INACTIVE description, which transient guests have too) does not state. What
/// was changed in the running guest alone is the guest's.
LiveView as_asked_for(Document live, const Document& config, const NetworkDefinition& network,
                      Scanner& scanner);

}  // namespace virt_iface
