// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>

namespace virt_iface {

/// The whole file. Throws Error (system) naming it.
std::string read_file(const std::string& path);

/// Reads everything from a descriptor until its end. `name` stands in messages. Throws Error (system).
std::string read_all(int descriptor, const std::string& name);

/// Writes all of it. Throws Error (system); EPIPE too.
void write_all(int descriptor, std::string_view data, const std::string& name);

/// Replaces a file whole or not at all: a temporary file beside it, fsync, rename. A file that is there keeps
/// its owner and mode; a symbolic link is followed, not replaced. With a `backup_suffix` the old file stays
/// under its name with the suffix. Throws Error (system); then the file is as it was.
void replace_file(const std::string& path, std::string_view data, const std::string& backup_suffix = {});

}  // namespace virt_iface
