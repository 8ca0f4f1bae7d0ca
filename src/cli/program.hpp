// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace virt_iface {

/// The program, with argv. Returns the exit status; throws nothing.
int run_program(int count, char** words);

/// The text of `--help` of the program and of a command.
std::string program_help();
std::string command_help(const std::string& name);

}  // namespace virt_iface
