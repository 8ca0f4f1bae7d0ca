// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "list/record.hpp"
#include "target/options.hpp"
#include "view/select.hpp"

namespace virt_iface {

/// The interfaces of whatever a command works on.
struct Listing {
  std::vector<Record> records{};
  std::vector<Record> bare{};  ///< of guests and documents without an interface: see record_without
  std::size_t domains = 0;     ///< read
  std::size_t failed = 0;      ///< not read; what is wrong has been reported
  bool many = false;           ///< of several domains, were it by chance one
  Exit status = Exit::ok;      ///< the worst
};

/// Reads what `target` says, and keeps what `selector` means. `words` name documents and directories.
Listing list_interfaces(const Arguments& arguments, Target target, const Selector& selector,
                        const std::vector<std::string>& words);

}  // namespace virt_iface
