// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "batch/batch_options.hpp"
#include "batch/destination.hpp"
#include "batch/input.hpp"

namespace virt_iface {

/// Throws Error (usage) where a run would write over what it reads or has written: two results in one file, a
/// result over a document or what else is read, a document replaced twice, the report over
/// anything else.
void require_no_overwriting(const BatchOptions& options, const Destination& to,
                            const std::vector<FileName>& files);

}  // namespace virt_iface
