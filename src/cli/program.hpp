// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

namespace virt_iface {

/// The program, with argv. Returns the exit status; throws nothing.
int run_program(int count, char** words);

/// The text of `--help` of the program and of a command, and of `--help-keys`.
std::string program_help();
std::string command_help(const std::string& name);
std::string keys_help();

}  // namespace virt_iface
