// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/arguments.hpp"

#include <algorithm>
#include <boost/program_options/parsers.hpp>
#include <iterator>

#include "base/error.hpp"
#include "base/text.hpp"
#include "target/options.hpp"

namespace virt_iface {
namespace {

/// A lone - is stdin and -1 a position; -0 is an option of ours.
bool is_word(const std::string& text) {
  if (text.size() < 2 || text[0] != '-') return true;
  return text != "-0" &&
         std::all_of(text.begin() + 1, text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// `name` with its dashes.
bool takes_value(const std::string& name, const options::options_description& known) {
  auto const how = name.starts_with("--") ? options::command_line_style::allow_long
                                          : options::command_line_style::allow_dash_for_short;
  return std::ranges::any_of(known.options(), [&](const auto& option) {
    return option->canonical_display_name(how) == name && option->semantic()->min_tokens() > 0;
  });
}

/// True if the option's value is the next word of the line. Of `-qc` the last letter says so; behind the
/// first that takes a value stands the value.
bool takes_next(const std::string& text, const options::options_description& known) {
  if (text.find('=') != text.npos) return false;
  if (text.starts_with("--")) return takes_value(text, known);
  for (std::size_t i = 1; i < text.size(); ++i)
    if (takes_value({'-', text[i]}, known)) return i + 1 == text.size();
  return false;
}

/// The options with their values, and the words. Boost takes time that grows with the square of the number of
/// words, of which there may be a hundred thousand.
struct Parts {
  std::vector<std::string> options{};
  std::vector<std::string> words{};
};

Parts split(const std::vector<std::string>& line, const options::options_description& known) {
  Parts parts;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == "--") {
      parts.words.insert(parts.words.end(), line.begin() + static_cast<std::ptrdiff_t>(i) + 1, line.end());
      break;
    }
    if (is_word(line[i])) {
      parts.words.push_back(line[i]);
      continue;
    }
    parts.options.push_back(line[i]);
    if (i + 1 < line.size() && takes_next(line[i], known)) parts.options.push_back(line[++i]);
  }
  return parts;
}

[[noreturn]] void unknown_option(const std::string& name, const options::options_description& known) {
  std::vector<std::string> names;
  for (const auto& option : known.options()) names.push_back("--" + option->long_name());
  std::vector<std::string_view> const candidates(names.begin(), names.end());
  std::string hint = did_you_mean(name, candidates);
  const auto* const format = known.find_nothrow("format", false);
  const std::string word = name.substr(std::min<std::size_t>(2, name.size()));
  if (format != nullptr &&
      ('|' + format->format_parameter() + '|').find('|' + word + '|') != std::string::npos)
    hint = "write --format " + word;
  throw Error(Exit::usage, "unknown option '" + name + "'", hint.empty() ? "--help lists the options" : hint);
}

/// A variable of the shell that is not set leaves an empty word, which is no leave to do without the option.
void require_names_of_files(const Arguments& arguments) {
  for (const char* option :
       {"conf", "files-from", "output", "output-dir", "report", "stylesheet", "template"})
    if (arguments.has(option) && arguments.text(option).empty())
      throw Error(Exit::usage, "--" + std::string(option) + " '' names no file", "name one, or leave it out");
}

}  // namespace

std::string Arguments::text(const char* name) const {
  return has(name) ? values[name].as<std::string>() : std::string();
}

std::vector<std::string> Arguments::texts(const char* name) const {
  return has(name) ? values[name].as<std::vector<std::string>>() : std::vector<std::string>();
}

Arguments parse_arguments(const std::vector<std::string>& line, std::string_view command, unsigned targets) {
  namespace style = options::command_line_style;
  int const how = style::default_style & ~style::allow_guessing;
  std::vector<std::string> dashed;
  std::ranges::copy_if(line, std::back_inserter(dashed),
                       [](const auto& word) { return word.starts_with('-'); });
  options::options_description const known = options_of(command, targets, &dashed);
  Parts parts = split(line, known);
  try {
    options::parsed_options const parsed =
        options::command_line_parser(parts.options).options(known).style(how).allow_unregistered().run();
    for (const auto& option : parsed.options)
      if (option.unregistered) unknown_option(option.original_tokens.front(), options_of(command, targets));
    Arguments result{.command = command, .words = std::move(parts.words)};
    options::store(parsed, result.values);
    options::notify(result.values);
    require_names_of_files(result);
    return result;
  } catch (const options::error& wrong) {
    throw Error(Exit::usage, wrong.what(), "--help lists the options");
  }
}

}  // namespace virt_iface
