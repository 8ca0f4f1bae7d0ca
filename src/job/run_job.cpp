// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/run_job.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "base/process.hpp"
#include "base/text.hpp"
#include "job/apply_call.hpp"
#include "job/reports.hpp"
#include "job/run_directory.hpp"
#include "job/syslog.hpp"

namespace virt_iface::hook {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{2000};

/// Interfaces on one source, and what has become of them.
struct Part {
  Job job{};
  bool over = false;
  bool done = false;
  bool persisted = false;  ///< in the definition alone, though more was asked for
  std::string reason{};
};

std::string names_of(const Job& job) {
  std::string text;
  for (const JobInterface& interface : job.interfaces)
    text.append(text.empty() ? "" : ", ").append(interface.name);
  return text;
}

std::string who_has(Inject how) {
  if (how == Inject::persist) return "its definition has ";
  return how == Inject::both ? "the guest and its definition have " : "the guest has ";
}

/// A guest that is stopped and started again may have a job under way. Without a lock both find what they
/// find. For a user's own guests there is none.
std::unique_ptr<Lock> lock_of(const Job& job, const std::string& name) {
  if (!is_uuid(job.uuid) || ::geteuid() != 0) return nullptr;
  try {
    return std::make_unique<Lock>(name);
  } catch (const Error& error) {
    log_messages(job.guest, error.messages());
    return nullptr;
  }
}

class JobRun {
 public:
  JobRun(const Program& program, const Job& job, const Watch& watch)
      : program_(program), job_(job), watch_(watch) {}

  std::string run() {
    if (!wait_for_arrival()) return result_;
    end_ = Clock::now() + job_.timeout;
    retarget_definition();
    for (Job& part : by_source(job_)) parts_.push_back({.job = std::move(part)});
    try_until_over();
    if (gone_) return tell_gone();
    for (Part& part : parts_)
      if (!part.done && part.job.how == Inject::both) persist(part);
    return tell_result();
  }

 private:
  /// The time of the job does not run before the guest does.
  bool wait_for_arrival() {
    milliseconds pause = shortest_pause;
    std::optional<Clock::time_point> silent_since;
    while (true) {
      Sight const sight = watch_();
      if (sight.guest == Whereabouts::here) return true;
      if (sight.guest == Whereabouts::gone) {
        tell_gone();
        return false;
      }
      if (sight.guest != Whereabouts::unknown)
        silent_since.reset();
      else if (!silent_since)
        silent_since = Clock::now();
      else if (Clock::now() + pause > *silent_since + job_.timeout) {
        tell("failed", one_line(sight.faults.front()));
        return false;
      }
      tell_pending(silent_since ? "tries again: " + one_line(sight.faults.front())
                                : "waits until the guest has arrived");
      std::this_thread::sleep_for(pause);
      pause = std::min(2 * pause, longest_pause / 2);
    }
  }

  /// What has come with `migrate --persistent` names sources of the host before.
  void retarget_definition() {
    if (job_.how == Inject::hotplug) return;
    for (const std::vector<std::string>& update : job_.updates) {
      Called const called = call(update_words(job_, update));
      bool const failed = called.kind == Called::Kind::failed || called.kind == Called::Kind::refused;
      if (failed) failures_ = "its definition could not be changed as the guest was: " + called.reason;
    }
  }

  void try_until_over() {
    for (milliseconds pause = shortest_pause;; pause = std::min(2 * pause, longest_pause)) {
      for (Part& part : parts_)
        if (!part.over && !gone_) attempt(part);
      auto const waiting = std::ranges::find(parts_, false, &Part::over);
      if (gone_ || waiting == parts_.end() || Clock::now() + pause >= end_) return;
      tell_pending("tries again: " + reason_of(*waiting));
      std::this_thread::sleep_for(pause);
    }
  }

  void attempt(Part& part) {
    Called called = call(apply_words(part.job));
    if (called.kind == Called::Kind::transient && part.job.how == Inject::both) {
      part.job.how = Inject::hotplug;  // there is no definition to add it to
      called = call(apply_words(part.job));
    }
    part.done = called.kind == Called::Kind::done;
    part.over = called.kind != Called::Kind::failed;
    gone_ = called.kind == Called::Kind::gone;
    part.reason = called.reason;
  }

  /// What the running guest cannot take, its definition can.
  void persist(Part& part) {
    Job alone = part.job;
    alone.how = Inject::persist;
    part.persisted = call(apply_words(alone)).kind == Called::Kind::done;
  }

  /// Two calls at a time wait for guests inside libvirt, whose workers are few: one for the guests with even
  /// UUIDs, one for the others.
  Called call(const std::vector<std::string>& words) {
    bool const odd = job_.uuid.find_last_of("13579bdfBDF") + 1 == job_.uuid.size();
    std::unique_ptr<Lock> const turn = lock_of(job_, odd ? "turn.1" : "turn.0");
    auto const left = std::chrono::duration_cast<milliseconds>(end_ - Clock::now());
    return call_program(program_, words, std::max(left, milliseconds(0)));
  }

  static std::string reason_of(const Part& part) { return names_of(part.job) + ": " + part.reason; }

  /// The release of a guest removes its report: nothing is reported of one that is gone.
  std::string tell_gone() {
    result_ = "the guest is gone";
    log_message(Severity::note, "guest " + job_.guest + ": inject: " + result_);
    return result_;
  }

  void tell_pending(const std::string& text) {
    if (text == pending_) return;
    pending_ = text;
    change_report(
        {.guest = job_.guest, .uuid = job_.uuid, .task = "inject", .outcome = "pending", .text = text});
  }

  void tell(const std::string& outcome, const std::string& text) {
    bool const failed = outcome == "failed";
    log_message(failed ? Severity::error : Severity::note, "guest " + job_.guest + ": inject: " + text);
    change_report(
        {.guest = job_.guest, .uuid = job_.uuid, .task = "inject", .outcome = outcome, .text = text});
    result_ = text;
  }

  std::string tell_result() {
    for (const Part& part : parts_) {
      if (part.done) continue;
      failures_.append(failures_.empty() ? "" : "; ").append(reason_of(part));
      if (part.persisted) failures_ += "; its definition has it for the next start";
    }
    std::string there;
    for (Inject const how : {Inject::hotplug, Inject::both, Inject::persist}) {
      std::string names;
      for (const Part& part : parts_)
        if (part.done && part.job.how == how)
          names.append(names.empty() ? "" : ", ").append(names_of(part.job));
      if (names.empty()) continue;
      there.append(there.empty() ? "" : "; ").append(who_has(how)).append(names);
      if (how == Inject::persist) there += " from its next start on";
    }
    if (failures_.empty())
      tell("done", there);
    else
      tell("failed", failures_ + (there.empty() ? "" : "; " + there));
    return result_;
  }

  const Program& program_;
  const Job& job_;
  const Watch& watch_;
  Clock::time_point end_ = Clock::now();
  std::vector<Part> parts_{};
  bool gone_ = false;
  std::string pending_{};
  std::string failures_{};
  std::string result_{};
};

}  // namespace

std::string run_job(const Program& program, const Job& job, const Watch& watch) {
  std::unique_ptr<Lock> const lock = lock_of(job, job.uuid);
  return JobRun(program, job, watch).run();
}

}  // namespace virt_iface::hook
