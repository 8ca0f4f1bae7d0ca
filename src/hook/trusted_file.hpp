// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

namespace virt_iface::hook {

/// The text of a hook.conf; nothing if there is none. Throws Error (invalid) when it or a directory that its
/// path leads through belongs to another user than root (or the caller), or can be written by others, and
/// when what is there is no file (a link to nothing, a FIFO, a directory): a policy that cannot be read is
/// not the same as none. Throws Error (system) if it cannot be read.
std::optional<std::string> read_trusted(const std::string& path);

}  // namespace virt_iface::hook
