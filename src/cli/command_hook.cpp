// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/diff.hpp"
#include "cli/command.hpp"
#include "cli/hook_job.hpp"
#include "cli/hook_status.hpp"
#include "hook/hook.hpp"
#include "hook/install.hpp"
#include "hook/preview.hpp"
#include "job/job.hpp"
#include "job/start_job.hpp"
#include "target/request.hpp"

namespace virt_iface {
namespace {

hook::Call call_of(const Arguments& arguments, hook::Event event) {
  hook::Call call{.event = std::move(event)};
  if (arguments.has("config")) call.conf = arguments.text("config");
  return call;
}

bool is_operation(std::string_view word) {
  constexpr std::array<std::string_view, 11> operations{"prepare", "started",     "migrate", "restore",
                                                        "release", hook::arrival, "start",   "stopped",
                                                        "attach",  "reconnect",   "-"};
  return std::ranges::find(operations, word) != operations.end();
}

/// GUEST and OPERATION in either order: people begin with the operation, libvirt with the guest and more
/// words behind. The suboperation is the one at which something is done.
hook::Event event_of_test(const std::vector<std::string>& words) {
  bool const guest_first = !is_operation(words[0]) && is_operation(words[1]);
  const std::string& operation = words[guest_first ? 1 : 0];
  const std::string& guest = words[guest_first ? 0 : 1];
  constexpr std::array<std::string_view, 6> ours{"prepare", "started", "migrate",
                                                 "restore", "release", hook::arrival};
  if (!is_operation(operation))
    throw Error(Exit::usage, "'" + operation + "' is no operation of libvirt's hooks",
                did_you_mean(operation, ours));
  if (operation != hook::arrival)
    return hook::event_of({guest, operation, operation == "release" ? "end" : "begin", "-"});
  hook::Event event = hook::event_of({guest, "migrate", "begin", "-"});
  event.operation = operation;
  return event;
}

Exit test_conf(const std::string& conf, bool json) {
  std::vector<Message> const warnings = hook::check_conf(conf);
  write_all(STDOUT_FILENO, conf + " is valid\n", "stdout");
  tell(warnings, json);
  return Exit::ok;
}

Exit test(const Arguments& arguments) {
  if (arguments.words.size() == 1 || arguments.words.size() > 4)
    throw Error(Exit::usage, "--test takes OPERATION and GUEST, or neither",
                "virt-iface hook --test migrate web1 < web1.xml");
  if (arguments.words.empty())
    return test_conf(call_of(arguments, {}).conf, arguments.text("error-format") == "json");
  require_documents(arguments, {});
  hook::Call const call = call_of(arguments, event_of_test(arguments.words));
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

Exit status(const Arguments& arguments, const std::string& guest) {
  std::string const format = arguments.has("format") ? arguments.text("format") : "text";
  if (format != "text" && format != "json")
    throw Error(Exit::usage, "--status has no format '" + format + "'", "write text or json");
  hook::Status const found = hook::status_of(call_of(arguments, {}).conf, guest);
  write_all(STDOUT_FILENO, format == "json" ? status_json(found) : status_text(found), "stdout");
  if (!guest.empty() && found.reports.empty() && found.history.empty() && !arguments.has("quiet"))
    tell({{.severity = Severity::note, .text = "the hook has no report of '" + guest + "'"}},
         message_style(arguments.text("error-format")));
  return Exit::ok;
}

Exit install(bool forward, bool json) {
  hook::Installed const result = forward ? hook::install(hook::own_program()) : hook::uninstall();
  std::string text;
  for (const std::string& file : result.files) text += (forward ? "installed " : "removed ") + file + '\n';
  for (const std::string& file : result.unchanged) text += file + " is installed already\n";
  if (result.files.empty() && result.unchanged.empty())
    text += "nothing was installed\n";
  else if (!result.files.empty())
    text += "libvirt notices when it reloads: systemctl reload libvirtd (or virtqemud)\n";
  write_all(STDOUT_FILENO, text, "stdout");
  tell(result.warnings, json);
  return Exit::ok;
}

/// Which of the things to do is asked for, or empty: to be the hook.
std::string mode_of(const Arguments& arguments) {
  std::string found;
  for (const char* mode : {"test", "status", "apply", "install", "uninstall", "job"}) {
    if (!arguments.has(mode)) continue;
    if (!found.empty()) throw Error(Exit::usage, "--" + found + " and --" + mode + " exclude each other");
    found = mode;
  }
  return found;
}

void require_at_most(const Arguments& arguments, std::size_t count, const std::string& mode) {
  if (arguments.words.size() > count)
    throw Error(Exit::usage, "unknown argument '" + arguments.words[count] + "'",
                "--" + mode + (count == 0 ? " takes no words" : " takes at most one guest"));
}

Exit run(const Arguments& arguments) {
  std::string const mode = mode_of(arguments);
  if (arguments.has("format") && mode != "status")
    throw Error(Exit::usage, "--format goes with --status", "leave it out");
  if (mode == "test") return test(arguments);
  if (mode == "status" || mode == "apply") {
    require_at_most(arguments, 1, mode);
    std::string const guest = arguments.words.empty() ? std::string() : arguments.words.front();
    return mode == "status" ? status(arguments, guest) : apply_policy(call_of(arguments, {}).conf, guest);
  }
  if (mode == "install" || mode == "uninstall") {
    require_at_most(arguments, 0, mode);
    return install(mode == "install", arguments.text("error-format") == "json");
  }
  if (mode == "job") {
    if (arguments.words.size() != 1)
      throw Error(Exit::usage, "--job takes one word of JSON", "the hook itself starts jobs");
    run_hook_job(hook::job_of(arguments.words.front()));
    return Exit::ok;
  }
  if (arguments.words.empty())
    throw Error(Exit::usage, "the hook is called by libvirt: GUEST OPERATION SUBOPERATION EXTRA",
                "virt-iface hook --install puts it in place");
  return hook::run(call_of(arguments, hook::event_of(arguments.words)));
}

}  // namespace

const Command hook_command{"hook",
                           "GUEST OPERATION SUBOPERATION EXTRA",
                           "be libvirt's hook: retarget guests that arrive, check hosts, inject interfaces",
                           0,
                           "  virt-iface hook --install\n  virt-iface hook --test migrate web1 <web1.xml\n  "
                           "virt-iface hook --status\n",
                           run};

std::optional<int> run_as_link(const std::vector<std::string>& line) {
  std::string const driver = line.empty() ? std::string() : hook::driver_of_link(line.front());
  if (driver.empty()) return std::nullopt;
  if (!hook::is_our_driver(driver)) return 0;
  return static_cast<int>(hook::run({.event = hook::event_of({line.begin() + 1, line.end()})}));
}

}  // namespace virt_iface
