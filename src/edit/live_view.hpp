// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "xml/document.hpp"
#include "xml/scan.hpp"

namespace virt_iface {

/// The document of a running guest with its networks' interfaces as such. libvirt (9.0.0) describes one by
/// what it became, `type='bridge'` with `<source network='lan' portid='…' bridge='br0'/>`, and takes that
/// back as a plain bridge: the interface would leave its network. As `type='network'` with the network alone
/// it stays.
Document with_networks(Document live, Scanner& scanner);

}  // namespace virt_iface
