// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "host/sources.hpp"

namespace virt_iface {

/// The PCI functions of network cards that a guest can have (hostdev), sorted by address: `vf` a virtual
/// function, with the card's name in the note, `pf` a card that can have some, `pci` any other.
std::vector<Source> pci_functions(const std::filesystem::path& root);

/// What is wrong with the source of an interface of type hostdev, vdpa or vhostuser on this host: no such
/// function or device, no directory for the socket; a socket that is not there yet is a warning.
std::vector<Message> check_passed_through(const std::filesystem::path& root, std::string_view type,
                                          std::string_view name);

}  // namespace virt_iface
