// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/diff.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "hook/hook.hpp"
#include "hook/inject.hpp"
#include "hook/install.hpp"
#include "hook/state.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Hook");
  group.add_options()("config,c", options::value<std::string>()->value_name("FILE"),
                      "the configuration (default: /etc/virt-iface/hook.conf)")(
      "test", "OPERATION GUEST: tell what would be done with the document on stdin, and do nothing")(
      "status", "show what the hook last did for each guest")(
      "install", "put the hook into libvirt's folder of hooks")("uninstall", "take it away again")(
      "job", "GUEST UUID URI HOW SECONDS INTERFACE...: an injection, as the hook starts it");
  return group;
}

hook::Call call_of(const Arguments& arguments, const std::vector<std::string>& words) {
  hook::Call call{.event = hook::event_of(words)};
  if (arguments.has("config")) call.conf = arguments.text("config");
  return call;
}

/// The suboperation at which something is done.
std::vector<std::string> event_words(const std::string& operation, const std::string& guest) {
  constexpr std::array<std::string_view, 5> ours{"prepare", "started", "migrate", "restore", "release"};
  constexpr std::array<std::string_view, 5> others{"start", "stopped", "reconnect", "attach", "-"};
  bool const known_word = std::ranges::find(ours, operation) != ours.end() ||
                          std::ranges::find(others, operation) != others.end();
  if (!known_word)
    throw Error(Exit::usage, "'" + operation + "' is no operation of libvirt's hooks",
                did_you_mean(operation, ours));
  return {guest, operation, operation == "release" ? "end" : "begin", "-"};
}

Exit test(const Arguments& arguments) {
  if (arguments.words.size() != 2)
    throw Error(Exit::usage, "--test takes OPERATION and GUEST",
                "virt-iface hook --test migrate web1 < web1.xml");
  require_documents(arguments, {});
  hook::Call const call = call_of(arguments, event_words(arguments.words[0], arguments.words[1]));
  hook::Preview const found = hook::preview(call, read_all(STDIN_FILENO, "<stdin>"));
  bool const json = arguments.text("error-format") == "json";
  tell(found.messages, json);
  std::string text;
  for (const std::string& step : found.steps) text += call.event.operation + ": " + step + '\n';
  if (found.result)
    text += unified_diff(found.document->file, found.document->bytes, found.result->bytes,
                         found.result->replaced, wants_colour(STDOUT_FILENO));
  write_all(STDOUT_FILENO, text, "stdout");
  return found.status;
}

void pad(std::string& line, const std::string& word, std::size_t width) {
  line += word;
  line.append(width > word.size() ? width - word.size() : 0, ' ').append("  ");
}

Exit status() {
  std::vector<hook::Report> reports = hook::kept_reports();
  reports.insert(reports.begin(), {"GUEST", "", "TASK", "OUTCOME", "WHAT", "TIME"});
  std::array<std::size_t, 3> widths{};
  for (const hook::Report& report : reports) {
    widths[0] = std::max(widths[0], report.guest.size());
    widths[1] = std::max(widths[1], report.task.size());
    widths[2] = std::max(widths[2], report.outcome.size());
  }
  std::string text;
  for (const hook::Report& report : reports) {
    pad(text, printable(report.guest), widths[0]);
    pad(text, report.task, widths[1]);
    pad(text, report.outcome, widths[2]);
    pad(text, report.time, std::string_view("2026-01-01T00:00:00Z").size());
    text += printable(report.text) + '\n';
  }
  write_all(STDOUT_FILENO, text, "stdout");
  return Exit::ok;
}

Exit install(bool forward, bool json) {
  hook::Installed const result = forward ? hook::install(hook::own_program()) : hook::uninstall();
  std::string text;
  for (const std::string& file : result.files) text += (forward ? "installed " : "removed ") + file + '\n';
  if (result.files.empty())
    text += "nothing was installed\n";
  else
    text += "libvirt notices when it reloads: systemctl reload libvirtd (or virtqemud)\n";
  write_all(STDOUT_FILENO, text, "stdout");
  tell(result.warnings, json);
  return Exit::ok;
}

Exit run(const Arguments& arguments) {
  constexpr std::array<const char*, 5> modes{"test", "status", "install", "uninstall", "job"};
  auto const chosen = std::ranges::count_if(modes, [&](const char* mode) { return arguments.has(mode); });
  if (chosen > 1) throw Error(Exit::usage, "--test, --status, --install and --uninstall exclude each other");
  bool const takes_words = chosen == 0 || arguments.has("test") || arguments.has("job");
  if (!takes_words && !arguments.words.empty())
    throw Error(Exit::usage, "'" + arguments.words.front() + "' is too much",
                "--status, --install and --uninstall take no words");
  bool const json = arguments.text("error-format") == "json";
  if (arguments.has("test")) return test(arguments);
  if (arguments.has("status")) return status();
  if (arguments.has("install") || arguments.has("uninstall")) return install(arguments.has("install"), json);
  if (arguments.has("job")) {
    hook::run_job(hook::own_program(), hook::job_of(arguments.words));
    return Exit::ok;
  }
  if (arguments.words.empty())
    throw Error(Exit::usage, "the hook is called by libvirt: GUEST OPERATION SUBOPERATION EXTRA",
                "virt-iface hook --install puts it in place");
  return hook::run(call_of(arguments, arguments.words));
}

}  // namespace

const Command hook_command{"hook", "GUEST OPERATION SUBOPERATION EXTRA",
                           "be libvirt's hook: move guests between sources, check hosts, inject interfaces",
                           known, run};

std::optional<int> run_as_link(const std::vector<std::string>& line) {
  std::string const driver = line.empty() ? std::string() : hook::driver_of_link(line.front());
  if (driver.empty()) return std::nullopt;
  if (!hook::is_our_driver(driver)) return 0;
  return static_cast<int>(hook::run({.event = hook::event_of({line.begin() + 1, line.end()})}));
}

}  // namespace virt_iface
