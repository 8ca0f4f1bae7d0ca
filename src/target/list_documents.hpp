// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "target/listing.hpp"

namespace virt_iface {

/// The interfaces of the documents that `words` name, and those beneath directories.
Listing list_documents(const Arguments& arguments, const Selector& selector,
                       const std::vector<std::string>& words);

}  // namespace virt_iface
