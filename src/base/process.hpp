// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace virt_iface {

/// What became of a program that was run.
struct Finished {
  int status = 0;  ///< its exit status; 128 + the signal's number if one ended it
  std::string out{};
  std::string err{};
};

/// Runs the program at an absolute path, without a shell: standard input empty, environment only
/// `LC_ALL=C` and a fixed `PATH`, no other descriptor of ours, a process group of its own.
/// Throws Error (system) when it cannot be started, has not ended after `limit` (it is killed, with its
/// process group) or writes more than 16 MiB.
Finished run_program(const std::string& path, const std::vector<std::string>& arguments,
                     std::chrono::milliseconds limit);

/// The absolute path of an executable of that name in the system's own folders (never `$PATH`), or empty.
std::string find_program(const std::string& name);

}  // namespace virt_iface
