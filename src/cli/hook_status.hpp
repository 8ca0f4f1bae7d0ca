// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "hook/status.hpp"

namespace virt_iface {

/// The status for people: how the hook stands, then what it did.
std::string status_text(const hook::Status& status);

/// The same as one JSON object (virt-iface-hook(7) says which).
std::string status_json(const hook::Status& status);

}  // namespace virt_iface
