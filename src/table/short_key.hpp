// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// Whether the key is short for others, whose names begin with its own: `bandwidth.inbound`, `address`.
bool is_short(const Key& key);

/// The keys that it stands for, as its value says them. Nothing of a value that is wrong.
std::vector<Setting> written_out(const Key& key, std::string_view value);

/// `0000:01:00.0`, or without the domain, as the keys of a PCI address; nothing of another text.
std::optional<std::vector<Setting>> parse_pci_address(const Key& key, std::string_view text);

/// `1`, or `1.2` behind a hub.
bool is_usb_port(std::string_view text);

/// Up to eight letters, digits, dots and spaces.
bool is_loadparm(std::string_view text);

/// `0-3,5`; `^4` takes one out.
bool is_node_set(std::string_view text);

/// ASCII only.
std::string upper(std::string_view text);

}  // namespace virt_iface
