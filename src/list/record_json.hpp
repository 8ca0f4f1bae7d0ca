// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "list/record.hpp"

namespace virt_iface {

/// The records as JSON: an array of flat objects whose keys are those of a configuration, and beside them
/// what only a listing knows (virt-iface.conf(5), JSON).
std::string records_json(const std::vector<Record>& records);

}  // namespace virt_iface
