// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/arguments.hpp"

#include <algorithm>
#include <boost/program_options/parsers.hpp>
#include <climits>

#include "base/error.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

bool is_negative_number(const std::string& word) {
  return word.size() > 1 && word[0] == '-' &&
         std::all_of(word.begin() + 1, word.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Boost would read -1 as an option. -0 is one of ours.
std::vector<options::option> take_number(std::vector<std::string>& line) {
  if (line.empty() || !is_negative_number(line.front()) || line.front() == "-0") return {};
  options::option word;
  word.value = {line.front()};
  word.original_tokens = {line.front()};
  word.position_key = INT_MAX;  // Boost numbers the words itself afterwards
  line.erase(line.begin());
  return {word};
}

[[noreturn]] void unknown_option(const std::string& name, const options::options_description& known) {
  std::vector<std::string> names;
  for (const auto& option : known.options()) names.push_back("--" + option->long_name());
  std::vector<std::string_view> const candidates(names.begin(), names.end());
  std::string cure = did_you_mean(name, candidates);
  throw Error(Exit::usage, "unknown option '" + name + "'", cure.empty() ? "--help lists the options" : cure);
}

}  // namespace

std::string Arguments::text(const char* name) const {
  return has(name) ? values[name].as<std::string>() : std::string();
}

std::vector<std::string> Arguments::texts(const char* name) const {
  return has(name) ? values[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

Arguments parse_arguments(const std::vector<std::string>& line, const options::options_description& known) {
  namespace style = options::command_line_style;
  int const how = style::default_style & ~style::allow_guessing;
  try {
    options::parsed_options const parsed = options::command_line_parser(line)
                                               .options(known)
                                               .style(how)
                                               .extra_style_parser(take_number)
                                               .allow_unregistered()
                                               .run();
    for (const auto& option : parsed.options)
      if (option.unregistered && option.position_key == -1)
        unknown_option(option.original_tokens.front(), known);
    Arguments result;
    for (const auto& option : parsed.options)
      if (option.position_key != -1)
        result.words.insert(result.words.end(), option.value.begin(), option.value.end());
    options::parsed_options recognised(parsed.description, parsed.m_options_prefix);
    std::copy_if(parsed.options.begin(), parsed.options.end(), std::back_inserter(recognised.options),
                 [](const options::option& o) { return o.position_key == -1; });
    options::store(recognised, result.values);
    options::notify(result.values);
    return result;
  } catch (const options::error& wrong) {
    throw Error(Exit::usage, wrong.what(), "--help lists the options");
  }
}

}  // namespace virt_iface
