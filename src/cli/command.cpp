// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>

#include "cli/command.hpp"

namespace virt_iface {

std::span<const Command> commands() {
  static const std::array all{apply_command,   list_command,   show_command,     attach_command,
                              update_command,  detach_command, retarget_command, convert_command,
                              sources_command, graph_command,  hook_command};
  return all;
}

const Command* find_command(std::string_view name) {
  auto const all = commands();
  auto const found = std::find_if(all.begin(), all.end(), [&](const Command& c) { return c.name == name; });
  return found == all.end() ? nullptr : &*found;
}

}  // namespace virt_iface
