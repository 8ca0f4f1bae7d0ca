// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace virt_iface {

/// What became of a program that was run.
struct Finished {
  int status = 0;  ///< its exit status; 128 + the signal's number if one ended it
  std::string out{};
  std::string err{};
};

/// The environment of every program that we start: only `LC_ALL=C` and a fixed `PATH`.
std::vector<std::string> clean_environment();

/// Runs the program at an absolute path, without a shell: standard input empty, no other descriptor of ours,
/// a process group of its own. Throws Error (system) when it cannot be started or waited for (the process
/// ignores SIGCHLD), has not ended after `limit` (it is killed, with its process group) or writes more than
/// 16 MiB.
Finished run_program(const std::string& path, const std::vector<std::string>& arguments,
                     std::chrono::milliseconds limit,
                     const std::vector<std::string>& environment = clean_environment());

/// Does the work in a process of its own that has what this one has loaded; `work` returns the exit status.
/// Everything else as run_program. Only where no other thread runs.
Finished run_forked(const std::string& name, const std::function<int()>& work,
                    std::chrono::milliseconds limit);

/// Words as execve and posix_spawn take them, which do not write through them: good for as long as `words`
/// is.
std::vector<char*> pointers_to(const std::vector<std::string>& words);

/// The absolute path of an executable of that name in the system's own directories (never `$PATH`), or empty.
std::string find_program(const std::string& name);

}  // namespace virt_iface
