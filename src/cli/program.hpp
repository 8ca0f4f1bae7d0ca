// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

namespace virt_iface {

/// The program: `line` is argv with the program's name first. Returns the exit status; throws nothing.
int run_program(const std::vector<std::string>& line);

/// The text of `--help` of the program and of a command.
std::string program_help();
std::string command_help(const std::string& name);

}  // namespace virt_iface
