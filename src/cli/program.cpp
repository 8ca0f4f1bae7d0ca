// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/program.hpp"

#include <libxml/globals.h>
#include <libxslt/xslt.h>
#include <unistd.h>

#include <algorithm>
#include <boost/version.hpp>
#include <cstdlib>
#include <new>
#include <optional>
#include <sstream>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "table/keys.hpp"
#include "table/types.hpp"

namespace virt_iface {
namespace {

void print(const std::string& text) {
  write_all(STDOUT_FILENO, text, "stdout");
}

/// 20914 as 2.9.14.
std::string dotted(long version) {
  std::ostringstream text;
  text << version / 10000 << '.' << version / 100 % 100 << '.' << version % 100;
  return text.str();
}

/// The libraries are those that were loaded, not those at hand when this was compiled.
std::string version() {
  std::ostringstream text;
  text << "virt-iface " << VIRT_IFACE_VERSION << "\nlibxml2 "
       << dotted(std::strtol(xmlParserVersion, nullptr, 10)) << ", libxslt " << dotted(xsltLibxsltVersion)
       << ", Boost " << BOOST_VERSION / 100000 << '.' << BOOST_VERSION / 100 % 1000 << '\n';
  return text.str();
}

[[noreturn]] void refuse_command(const std::string& word, const std::string& what) {
  std::vector<std::string_view> names;
  for (const Command& command : commands()) names.push_back(command.name);
  std::string hint = did_you_mean(word, names);
  throw Error(Exit::usage, "'" + word + "' " + what, hint.empty() ? "--help lists the commands" : hint);
}

/// A word that is no option and no command: a file for apply, or a slip of the finger.
const Command& command_for(const std::string& word) {
  if (const Command* command = find_command(word)) return *command;
  bool const option_or_file = word.empty() || word[0] == '-' || ::access(word.c_str(), F_OK) == 0;
  if (option_or_file) return apply_command;
  refuse_command(word, "is neither a command nor a file");
}

/// For what is wrong with the line itself.
MessageStyle style_asked_for(const std::vector<std::string>& line) {
  constexpr std::string_view option = "--error-format";
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i].starts_with(std::string(option) + '='))
      return message_style(line[i].substr(option.size() + 1));
    if (line[i - 1] == option) return message_style(line[i]);
  }
  return MessageStyle::text;
}

Exit refuse_terminal() {
  tell({{.text = "nothing is asked for",
         .hint = "--help shows how; for example virt-iface apply -c template.conf web1.xml"}},
       false);
  return Exit::usage;
}

/// `help`, `help COMMAND`, and what is asked without a command; nothing: it is none of these.
std::optional<std::string> help_for(const std::vector<std::string>& line) {
  const std::string first = line.size() > 1 ? line[1] : "";
  if (first == "--version" || first == "-V") return version();
  if (first == "--help-keys") return keys_help();
  if (first == "--help" || first == "-h" || (first == "help" && line.size() == 2)) return program_help();
  if (first != "help") return std::nullopt;
  if (line[2] == "--help" || line[2] == "-h") return program_help();
  if (line.size() > 3)
    throw Error(Exit::usage, "unknown argument '" + line[3] + "'", "virt-iface help COMMAND takes one");
  if (find_command(line[2]) == nullptr) refuse_command(line[2], "is not a command");
  return command_help(line[2]);
}

Exit dispatch(std::vector<std::string> line, MessageStyle& style) {
  if (line.size() == 1 && ::isatty(STDIN_FILENO) == 1) return refuse_terminal();
  style = style_asked_for(line);
  if (std::optional<std::string> const help = help_for(line)) return print(*help), Exit::ok;
  bool const named = line.size() > 1 && find_command(line[1]);
  std::string const word = line.size() > 1 ? line[1] : "";
  const Command& command = command_for(word);
  line.erase(line.begin(), line.begin() + (named ? 2 : 1));
  Arguments const arguments = parse_arguments(line, command.name, command.targets);
  std::string const format = arguments.text("error-format");
  style = message_style(format);
  if (!format.empty() && format != "json" && format != "github" && format != "text")
    throw Error(Exit::usage, "error format '" + format + "' is not one of text, json, github");
  if (arguments.has("help")) return print(command_help(std::string(command.name))), Exit::ok;
  if (arguments.has("help-keys")) return print(keys_help()), Exit::ok;
  return command.run(arguments);
}

}  // namespace

std::string program_help() {
  std::ostringstream text;
  text << "usage: virt-iface [COMMAND] [OPTION...] [FILE...]\n\n"
          "Makes sure that libvirt domains have the macvtap, Open vSwitch, bridge or network\n"
          "interfaces asked for, and changes no other byte of their XML.\n\n"
          "  virsh dumpxml D | virt-iface -c template.conf | virsh define /dev/stdin\n\n"
          "Commands (without one: apply):\n";
  std::size_t widest = 0;
  for (const Command& command : commands()) widest = std::max(widest, command.name.size());
  for (const Command& command : commands())
    text << "  " << command.name << std::string(widest - command.name.size() + 2, ' ') << command.summary
         << '\n';
  text << "\nvirt-iface help COMMAND says more. Exit status: 0 done, 1 --check or --diff found a\n"
          "change, 2 usage, 3 a wrong configuration or document, 4 the system.\n";
  return text.str();
}

std::string keys_help() {
  std::ostringstream text;
  text << "Keys of an interface (virt-iface.conf(5) says more):\n";
  std::size_t widest = 0;
  for (const Key& key : keys()) widest = std::max(widest, key.name.size());
  for (const Key& key : keys()) {
    std::string const name = std::string(key.name) + (key.name.ends_with('.') ? "NAME" : "");
    text << "  " << name << std::string(widest - std::min(widest, name.size()) + 2, ' ') << key.help;
    std::string_view const words = key.kind == Kind::type ? made_types() : key.allowed;
    if (key.kind == Kind::type || key.kind == Kind::word) text << " (" << words << ')';
    text << '\n';
  }
  return text.str();
}

std::string command_help(const std::string& name) {
  const Command& command = *find_command(name);
  std::ostringstream text;
  text << "usage: virt-iface " << command.name << " [OPTION...] " << command.synopsis << "\n\n"
       << command.summary << "\n\n"
       << command.examples << '\n';
  if (command.synopsis.starts_with("SEL"))
    text << "SEL is one interface: a MAC; a position (1 is the first, -1 the last); a condition, such as\n"
            "source=br0, target=vnet0, type=ovs,vlan=42; or all.\n\n";
  text << options_of(command.name, command.targets) << "\nSee virt-iface"
       << (name == "hook" ? "-hook(7)" : "(1)") << ".\n";
  return text.str();
}

int run_program(int count, char** words) {
  MessageStyle style = MessageStyle::text;
  try {
    std::vector<std::string> const line(words, words + count);
    if (std::optional<int> const status = run_as_link(line)) return *status;
    return static_cast<int>(dispatch(line, style));
  } catch (const Error& error) {
    tell(error.messages(), style);
    return static_cast<int>(error.status());
  } catch (const Interrupted& stopped) {
    return 128 + stopped.signal;
  } catch (const std::bad_alloc&) {
    // What tell does takes memory.
    constexpr std::string_view message = "virt-iface: error: out of memory\n";
    static_cast<void>(!::write(STDERR_FILENO, message.data(), message.size()));
  } catch (const std::exception& error) {
    tell({{.text = error.what()}}, style);
  }
  return static_cast<int>(Exit::system);
}

}  // namespace virt_iface
