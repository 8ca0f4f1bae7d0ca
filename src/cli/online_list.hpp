// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/online.hpp"
#include "cli/record.hpp"

namespace virt_iface {

/// Which interfaces (positions from 1) of a document are meant.
using Picker = std::function<std::vector<std::size_t>(const Document&)>;

struct Listing {
  std::vector<Record> records{};
  std::size_t guests = 0;
  Exit status = Exit::ok;  ///< the worst; what is wrong with a guest has been told
};

/// The interfaces of the guests of --domain or --all: of the running guest if it runs, else of its
/// configuration, or as --live and --config say; with the addresses that libvirt knows of a running one.
Listing list_guests(const Arguments& arguments, const Picker& pick);

}  // namespace virt_iface
