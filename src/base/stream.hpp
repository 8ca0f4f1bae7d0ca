// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/file.hpp"

namespace virt_iface {

/// The descriptor that a path such as /dev/stdout or /dev/fd/3 leads to, through whatever links.
std::optional<int> own_descriptor(const std::string& path);

/// What can only be written to, opened for that: one of our own descriptors, which goes on where it stands; a
/// terminal, a pipe, /dev/null. Nothing for a file, and where nothing is. Throws Error (system), and
/// Interrupted while a pipe's reader was waited for.
Descriptor open_stream(const std::string& path);

}  // namespace virt_iface
