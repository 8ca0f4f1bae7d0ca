// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "target/arguments.hpp"

namespace virt_iface {

/// What a command works on: documents, a template in their place, or guests on libvirt. Bits of
/// Option::targets and Command::targets.
enum Target : unsigned { documents = 1, one_template = 2, libvirt = 4, any_target = 7 };

/// One option: what parsing, --help, completion and the refusals read of it. An option that means something
/// else in another command has a row for each meaning.
struct Option {
  enum class Takes { nothing, text, texts, optional_text };
  std::string_view names;     ///< `conf,c`
  std::string_view commands;  ///< those that have it, parted by blanks; `*`: all
  unsigned targets;           ///< what it serves there
  Takes takes;
  std::string_view value;  ///< of what it takes, for --help: `FILE`
  std::string_view help;

  std::string_view name() const { return names.substr(0, names.find(',')); }
  bool is_of(std::string_view command) const;
};

std::span<const Option> options_table();

/// The options of a command, in groups: those for all that it works on, those for documents, for a template,
/// for libvirt. `targets`: the bits of all that it works on. With words of a line only those that they may
/// name: to describe them all takes longer than a small document.
options::options_description options_of(std::string_view command, unsigned targets,
                                        const std::vector<std::string>* words = nullptr);

/// Throws Error (usage) for an option that does not serve what the command is to work on.
void require_served(const Arguments& arguments, Target target);

}  // namespace virt_iface
