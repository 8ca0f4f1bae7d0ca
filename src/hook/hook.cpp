// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/hook.hpp"
#include "hook/check.hpp"
#include "hook/retarget.hpp"
#include "hook/trusted_file.hpp"
#include "job/start_job.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>

#include "base/file.hpp"
#include "base/text.hpp"
#include "hook/claims.hpp"
#include "hook/deadline.hpp"
#include "hook/install.hpp"
#include "hook/prepare_job.hpp"
#include "job/job.hpp"
#include "job/reports.hpp"
#include "job/run_directory.hpp"
#include "job/syslog.hpp"
#include "spec/builder.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

/// libvirt holds the guest while it waits.
constexpr std::chrono::seconds time_limit{5};

/// Several times what libvirt's protocol lets a document be (16 MiB).
constexpr std::size_t document_limit = 64U << 20U;

/// How a call ends that cannot be carried out: a migration or restore is cancelled and nothing is lost;
/// everything else goes on as if there were no hook.
Exit harmless_end(Task task, Exit refusal) {
  return task == Task::retarget ? refusal : Exit::ok;
}

void say(const std::vector<Message>& messages) {
  for (const Message& message : messages) {
    std::string const text = format(message, {});
    [[maybe_unused]] ssize_t const ignored = ::write(STDERR_FILENO, text.data(), text.size());
  }
}

std::string joined(const std::vector<Message>& messages) {
  std::string text;
  for (const Message& message : messages) text.append(text.empty() ? "" : "; ").append(one_line(message));
  return text;
}

/// Nothing of the document is in a message about it: it can hold secrets, and messages reach logs.
std::vector<Message> without_source(std::vector<Message> messages) {
  for (Message& message : messages) message.place.source_line.clear();
  return messages;
}

Document read_document() {
  Deadline::waits_for("the guest's document");
  std::string text = read_all(STDIN_FILENO, "the guest's document", document_limit);
  Deadline::waits_for(nullptr);
  try {
    return Scanner().scan(std::move(text), "<stdin>");
  } catch (const Error& error) {
    std::vector<std::string> const before = scripts_before_ours();
    std::vector<Message> messages = error.messages();
    if (!before.empty() && messages.front().hint.empty())
      messages.front().hint = "this is what " + before.back() + " printed";
    throw Error(error.status(), std::move(messages));
  }
}

void keep(const Document& document, const char* task, const std::string& outcome, const std::string& text) {
  keep_report({.guest = document.domain.name,
               .uuid = document.domain.uuid,
               .task = task,
               .outcome = outcome,
               .text = text});
}

/// As a report names it.
const char* task_word(Task task) {
  if (task == Task::retarget) return "retarget";
  return task == Task::check ? "check" : task == Task::inject ? "inject" : "release";
}

/// `macvtap on nicA, ovs on vswitch0`.
std::string sources_of(const Document& document) {
  std::string text;
  for (const Element& interface : document.domain.interfaces)
    text.append(text.empty() ? "" : ", ")
        .append(type_of(interface))
        .append(" on ")
        .append(source_of(interface));
  return text;
}

class Run {
 public:
  explicit Run(const Call& call)
      : call_(call), deadline_(time_limit, harmless_end(call.event.task, Exit::system)) {}

  /// Never throws: no memory for a message is no reason to let a guest start that must not.
  Exit run() {
    Exit const status = decide();
    Deadline::ends_with(status);  // what follows changes nothing of it
    note_call(call_.event.guest, call_.event.operation);
    return status;
  }

 private:
  Exit decide() {
    try {
      return run_event();
    } catch (const std::bad_alloc&) {
      return fail("out of memory");
    } catch (const std::exception& error) {
      return fail(error.what());
    }
  }

  Exit run_event() {
    try {
      if (call_.event.task == Task::release) forget();
      std::optional<std::string> const text = read_conf();
      if (!text) return Exit::ok;
      std::optional<Settings> const settings = settings_of(*text);
      if (!settings) return status_;
      if (call_.event.task == Task::check || call_.event.task == Task::retarget)
        log_messages(call_.event.guest, settings->warnings);
      if (settings->exempt) return Exit::ok;
      required_ = call_.event.task == Task::check && settings->check == Check::require;
      if (required_) Deadline::ends_with(Exit::system);
      return act(*settings);
    } catch (const Error& error) {
      return refuse(error.messages(), error.status());
    }
  }

  Exit fail(const char* what) {
    try {
      return refuse({{.text = what}}, Exit::system);
    } catch (const std::exception&) {
      return required_ ? Exit::system : harmless_end(call_.event.task, Exit::system);
    }
  }

  /// A configuration that is not root's alone is as good as a broken one.
  std::optional<std::string> read_conf() {
    try {
      return read_trusted(call_.conf);
    } catch (const Error& error) {
      broken(error.messages(), Check::off);
      throw;
    }
  }

  std::optional<Settings> settings_of(const std::string& text) {
    try {
      return read_settings(text, call_.conf, call_.event.guest);
    } catch (const Error& error) {
      std::size_t line = error.messages().front().place.line;
      for (const Message& message : error.messages())
        if (message.place.line != 0) line = std::min(line, message.place.line);
      Check const check = check_before_fault(text, call_.conf, call_.event.guest, line);
      status_ = broken(error.messages(), check);
      return std::nullopt;
    }
  }

  /// What a broken configuration means at this event: a refusal, a line in the log, or nothing.
  Exit broken(const std::vector<Message>& messages, Check check) {
    Task const task = call_.event.task;
    bool const refused = task == Task::retarget || (task == Task::check && check == Check::require);
    if (refused) say(messages);
    if (refused || task == Task::check) log_messages(call_.event.guest, messages);
    // Of a guest that ends there is nothing to tell.
    if (task != Task::release) note(refused ? "refused" : "failed", joined(messages));
    told_ = true;
    return refused ? Exit::invalid : Exit::ok;
  }

  Exit refuse(std::vector<Message> messages, Exit status) {
    Exit const refusal = status == Exit::usage ? Exit::invalid : status;
    Exit const end = required_ ? refusal : harmless_end(call_.event.task, refusal);
    if (told_) return end == Exit::ok ? end : Exit::invalid;
    messages = without_source(std::move(messages));
    log_messages(call_.event.guest, messages);
    note(end != Exit::ok ? "refused" : "failed", joined(messages));
    if (end != Exit::ok) say(messages);
    return end;
  }

  /// For the history: there is no document by which a report could be kept.
  void note(const std::string& outcome, const std::string& text) const {
    note_report(
        {.guest = call_.event.guest, .task = task_word(call_.event.task), .outcome = outcome, .text = text});
  }

  Exit act(const Settings& settings) {
    switch (call_.event.task) {
      case Task::retarget:
        return retarget(settings);
      case Task::check:
        return check(settings);
      case Task::inject:
        return inject(settings);
      case Task::release:
        return release(settings);
      case Task::nothing:
        break;
    }
    return Exit::ok;
  }

  Exit retarget(const Settings& settings) {
    if (settings.maps.empty() && settings.condition_maps.empty()) return Exit::ok;
    Document const document = read_document();
    Retargeted const moved = retarget_sources(document, settings);
    log_messages(call_.event.guest, without_source(moved.warnings));
    if (!moved.changed) {
      if (!document.domain.interfaces.empty())
        note("nothing", "no map fits an interface: " + sources_of(document));
      return Exit::ok;
    }
    write_all(STDOUT_FILENO, moved.document.bytes, "stdout");
    Deadline::ends_with(Exit::ok);  // libvirt has it all: a log that nobody reads must not cancel the guest
    std::string const text = join(moved.moves, "; ");
    log_message(Severity::note, "guest " + call_.event.guest + ": " + call_.event.operation + ": " + text);
    keep_report({.guest = document.domain.name,
                 .uuid = document.domain.uuid,
                 .task = "retarget",
                 .outcome = "done",
                 .text = text,
                 .updates = moved.updates});
    return Exit::ok;
  }

  Exit check(const Settings& settings) {
    if (settings.check == Check::off && !settings.bring_up && !settings.create_ovs_bridges) return Exit::ok;
    Document const document = read_document();
    Checked const checked = check_sources(document, settings, true);
    bool const refused = settings.check == Check::require && has_error(checked.faults);
    required_ = refused;
    if (!refused) Deadline::ends_with(Exit::ok);
    for (const std::string& done : checked.done)
      log_message(Severity::note, "guest " + call_.event.guest + ": " + done);
    if (checked.faults.empty()) {
      // Without check nothing was looked for, and only what was done can be reported.
      if (settings.check != Check::off || !checked.done.empty())
        keep(document, "check", "done",
             checked.done.empty() ? "every source is there" : join(checked.done, "; "));
      return Exit::ok;
    }
    report_faults(document, checked.faults, refused);
    if (refused) say(checked.faults);
    return refused ? Exit::system : Exit::ok;
  }

  static void report_faults(const Document& document, const std::vector<Message>& faults, bool refused) {
    for (const Message& fault : faults)
      log_message(!refused && fault.severity == Severity::error ? Severity::warning : fault.severity,
                  one_line(fault));
    keep(document, "check", refused ? "refused" : "warned", joined(faults));
  }

  Exit inject(const Settings& settings) {
    if (settings.inject == Inject::off || settings.interfaces.empty()) return Exit::ok;
    // A user's own libvirtd calls hooks too, and does not tell them where it listens.
    if (::geteuid() != 0 && settings.connect.empty()) return Exit::ok;
    Document const document = read_document();
    try {
      PreparedJob const prepared = prepare_job(document, settings);
      keep(document, "inject", prepared.job ? "pending" : "nothing", prepared.text);
      if (prepared.job) start_detached(own_program(), {"hook", "--job", "--", text_of(*prepared.job)});
    } catch (const Error& error) {
      std::vector<Message> const messages = without_source(error.messages());
      log_messages(call_.event.guest, messages);
      keep(document, "inject", "failed", joined(messages));
    }
    return Exit::ok;
  }

  /// Reports and claims go with the guest, whatever hook.conf and the guest's document say by now.
  void forget() {
    if (!has_reports() && !has_claims()) return;
    Document const document = read_document();
    forget_reports(document.domain.uuid);
    released_claims_ = release_claims_of(document.domain.uuid);
    if (released_claims_) remove_bridges();
  }

  static bool release_claims_of(const std::string& uuid) {
    Lock const lock("bridges");
    return release_claims(uuid);
  }

  /// What was made before the host restarted, or came after its guest was refused, was claimed by nobody
  /// since.
  Exit release(const Settings& settings) {
    if (settings.create_ovs_bridges && !released_claims_) remove_bridges();
    return Exit::ok;
  }

  void remove_bridges() {
    for (const std::string& name : remove_unused_bridges())
      log_message(Severity::note, "guest " + call_.event.guest + ": removed the Open vSwitch bridge " + name +
                                      ", which was empty");
  }

  const Call& call_;
  Deadline deadline_;
  Exit status_ = Exit::ok;
  bool released_claims_ = false;
  bool told_ = false;
  bool required_ = false;  ///< what cannot be checked is refused
};

}  // namespace

Exit run(const Call& call) {
  if (call.event.task == Task::nothing) return Exit::ok;
  return Run(call).run();
}

}  // namespace virt_iface::hook
