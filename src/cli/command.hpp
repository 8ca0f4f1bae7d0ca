// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "target/options.hpp"

namespace virt_iface {

/// One command: what sources, help, completion and tests read of it.
struct Command {
  std::string_view name;
  std::string_view synopsis;  ///< what stands behind the name, e.g. `SEL [FILE...]`
  std::string_view summary;   ///< one line
  unsigned targets;           ///< bits of Target: what it works on; 0: on none of them
  std::string_view examples;  ///< of its --help: lines, each ended
  Exit (*run)(const Arguments& arguments);
};

std::span<const Command> commands();

/// The command of that name, or nullptr.
const Command* find_command(std::string_view name);

// One file each: command_NAME.cpp.
extern const Command apply_command;
extern const Command list_command;
extern const Command show_command;
extern const Command attach_command;
extern const Command update_command;
extern const Command detach_command;
extern const Command retarget_command;
extern const Command convert_command;
extern const Command sources_command;
extern const Command graph_command;
extern const Command hook_command;

/// The exit status of the hook, if the program was called by a link that lies in a directory of libvirt's
/// hooks.
std::optional<int> run_as_link(const std::vector<std::string>& line);

}  // namespace virt_iface
