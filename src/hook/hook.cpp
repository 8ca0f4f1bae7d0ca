// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/hook.hpp"

#include <unistd.h>

#include <algorithm>
#include <exception>
#include <new>

#include "base/file.hpp"
#include "base/text.hpp"
#include "hook/deadline.hpp"
#include "hook/inject.hpp"
#include "hook/journal.hpp"
#include "hook/state.hpp"
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
  return Scanner().scan(read_all(STDIN_FILENO, "the guest's document", document_limit), "<stdin>");
}

void keep(const Document& document, const char* task, const std::string& outcome, const std::string& text) {
  keep_report({.guest = document.domain.name,
               .uuid = document.domain.uuid,
               .task = task,
               .outcome = outcome,
               .text = text});
}

class Run {
 public:
  explicit Run(const Call& call)
      : call_(call), deadline_(time_limit, harmless_end(call.event.task, Exit::system)) {}

  /// Never throws: no memory for a message is no reason to let a guest start that must not.
  Exit run() {
    try {
      return run_event();
    } catch (const std::bad_alloc&) {
      return fail("out of memory");
    } catch (const std::exception& error) {
      return fail(error.what());
    }
  }

 private:
  Exit run_event() {
    try {
      if (call_.event.task == Task::release) forget();
      std::optional<std::string> const text = read_conf();
      if (!text) return Exit::ok;
      std::optional<Settings> const settings = settings_of(*text);
      if (!settings) return status_;
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
      return read_owned(call_.conf);
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
    told_ = true;
    return refused ? Exit::invalid : Exit::ok;
  }

  Exit refuse(std::vector<Message> messages, Exit status) {
    Exit const refusal = status == Exit::usage ? Exit::invalid : status;
    Exit const end = required_ ? refusal : harmless_end(call_.event.task, refusal);
    if (told_) return end == Exit::ok ? end : Exit::invalid;
    messages = without_source(std::move(messages));
    log_messages(call_.event.guest, messages);
    if (end != Exit::ok) say(messages);
    return end;
  }

  Exit act(const Settings& settings) {
    switch (call_.event.task) {
      case Task::retarget:
        return move(settings);
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

  Exit move(const Settings& settings) {
    if (settings.maps.empty()) return Exit::ok;
    Document const document = read_document();
    Moved const moved = move_sources(document, settings);
    log_messages(call_.event.guest, without_source(moved.warnings));
    if (!moved.changed) return Exit::ok;
    write_all(STDOUT_FILENO, moved.document.bytes, "stdout");
    Deadline::ends_with(Exit::ok);  // libvirt has it all: a log that nobody reads must not cancel the guest
    std::string const text = join(moved.moves, "; ");
    log_message(Severity::note, "guest " + call_.event.guest + ": " + call_.event.operation + ": " + text);
    keep(document, "move", "done", text);
    return Exit::ok;
  }

  Exit check(const Settings& settings) {
    if (settings.check == Check::off && !settings.bring_up && !settings.create_ovs_bridges) return Exit::ok;
    Document const document = read_document();
    Checked const checked = check_sources(document, settings, true);
    bool const refused = settings.check == Check::require && !checked.faults.empty();
    required_ = refused;
    if (!refused) Deadline::ends_with(Exit::ok);
    for (const std::string& done : checked.done)
      log_message(Severity::note, "guest " + call_.event.guest + ": " + done);
    if (checked.faults.empty()) {
      // Without check nothing was looked for, and only what was done can be told.
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
      log_message(refused ? Severity::error : Severity::warning, one_line(fault));
    keep(document, "check", refused ? "refused" : "warned", joined(faults));
  }

  Exit inject(const Settings& settings) {
    if (settings.inject == Inject::off || settings.interfaces.empty()) return Exit::ok;
    // A user's own libvirtd calls hooks too, and does not tell them where it listens.
    if (::geteuid() != 0 && settings.connect.empty()) return Exit::ok;
    Document const document = read_document();
    try {
      if (!is_uuid(document.domain.uuid))
        throw Error(Exit::invalid, "the guest's document has no UUID", "libvirt's own has one");
      Missing const missing = missing_interfaces(document, settings);
      if (missing.certain && missing.interfaces.empty() && !missing.faults.empty())
        throw Error(Exit::invalid, missing.faults);
      // What the definition has, only libvirt can tell.
      if (missing.interfaces.empty() && missing.faults.empty() && settings.inject == Inject::hotplug) {
        keep(document, "inject", "nothing", "the guest has every interface asked for");
        return Exit::ok;
      }
      keep(document, "inject", "pending", "waits for the guest");
      std::vector<std::string> words = words_of(make_job(document, settings));
      words.insert(words.begin(), {"hook", "--job", "--"});
      start_detached(own_program(), words);
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
    released_ = read_document();
    forget_reports(released_->domain.uuid);
    released_bridges_ = claimed_bridges(released_->domain.uuid);
    give_up_bridges(released_bridges_);
  }

  /// What we made before the host restarted was claimed by nobody since.
  Exit release(const Settings& settings) {
    if (!settings.create_ovs_bridges) return Exit::ok;
    if (!released_) released_ = read_document();
    std::set<std::string> names = ovs_bridges_of(*released_);
    std::erase_if(names, [&](const std::string& name) { return released_bridges_.contains(name); });
    give_up_bridges(names);
    return Exit::ok;
  }

  void give_up_bridges(const std::set<std::string>& names) {
    for (const std::string& name : remove_bridges(names, released_->domain.uuid))
      log_message(Severity::note, "guest " + call_.event.guest + ": removed the Open vSwitch bridge " + name +
                                      ", which was empty");
  }

  const Call& call_;
  Deadline deadline_;
  Exit status_ = Exit::ok;
  std::optional<Document> released_{};
  std::set<std::string> released_bridges_{};
  bool told_ = false;
  bool required_ = false;  ///< what cannot be checked is refused
};

}  // namespace

Exit run(const Call& call) {
  if (call.event.task == Task::nothing) return Exit::ok;
  return Run(call).run();
}

}  // namespace virt_iface::hook
