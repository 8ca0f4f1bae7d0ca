// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "target/listing.hpp"

namespace virt_iface {

/// Of the running guest if it runs, else of its configuration, or as --live and --config say; with the
/// addresses that libvirt knows of a running one.
Listing list_guests(const Arguments& arguments, const Selector& selector);

}  // namespace virt_iface
