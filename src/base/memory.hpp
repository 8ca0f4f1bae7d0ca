// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/error.hpp"

namespace virt_iface {

/// How the process ends from now on where memory ends inside a library that no exception may pass through
/// (unless said otherwise: Exit::system).
void without_memory_ends_with(Exit status);

/// Ends it so, with a message if that is a failure.
[[noreturn]] void end_without_memory();

}  // namespace virt_iface
