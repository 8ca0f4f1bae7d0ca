// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

namespace options = boost::program_options;

/// A parsed command line: options by name, and the words that are none.
struct Arguments {
  std::string_view command{};
  options::variables_map values{};
  std::vector<std::string> words{};

  bool has(const char* name) const { return values.count(name) != 0; }
  std::string text(const char* name) const;                ///< empty when not given
  std::vector<std::string> texts(const char* name) const;  ///< in order; empty when not given
};

/// Parses what follows a command that works on `targets`. A negative number is a word; a lone `-` too;
/// options with an optional value take it only with `=`; nothing is abbreviated. Throws Error (usage) with
/// the near miss.
Arguments parse_arguments(const std::vector<std::string>& line, std::string_view command, unsigned targets);

}  // namespace virt_iface
