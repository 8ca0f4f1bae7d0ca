// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "base/process.hpp"
#include "base/slots.hpp"
#include "base/text.hpp"
#include "hook/inject.hpp"
#include "hook/journal.hpp"
#include "hook/state.hpp"

namespace virt_iface::hook {
namespace {

using Clock = std::chrono::steady_clock;

/// A call that has begun is not cut short before libvirt gives up (30 s for a guest that is busy).
constexpr std::chrono::seconds patience{40};

std::vector<std::string> apply_words(const Job& job) {
  std::vector<std::string> words{"apply", "--connect", job.connect, "--domain", job.uuid};
  if (job.how != Inject::persist) words.emplace_back("--live");
  if (job.how != Inject::hotplug) words.emplace_back("--config");
  for (const std::string& interface : job.interfaces) words.insert(words.end(), {"--interface", interface});
  return words;
}

/// The first error of what it said, without the program's own prefixes. Warnings may stand before it, and
/// what libvirt's library writes there itself.
std::string reason_in(const std::string& text) {
  std::size_t const error = text.find("error: ");
  std::size_t const begin = error == text.npos ? 0 : text.rfind('\n', error) + 1;
  std::string line(trim(text.substr(begin, text.find('\n', begin) - begin)));
  for (std::string_view prefix : {"virt-iface: ", "error: "})
    if (line.starts_with(prefix)) line.erase(0, prefix.size());
  return line;
}

bool says(const Finished& finished, std::string_view text) {
  return finished.status == 4 && finished.err.find(text) != std::string::npos;
}

bool is_transient(const Finished& finished) {
  return says(finished, "has no persistent configuration");
}

/// The guest was stopped meanwhile, or went to another host.
bool is_gone(const Finished& finished) {
  return says(finished, "libvirt has no domain") || says(finished, " does not run");
}

/// Status 3 is the configuration's or the document's: it stays wrong however often it is asked.
bool is_final(const Finished& finished) {
  return finished.status == 3 || finished.status == 2 || tells_no_free_slot(finished.err) ||
         is_transient(finished) || is_gone(finished);
}

std::string result_text(const Finished& finished) {
  if (tells_no_free_slot(finished.err))
    return "the guest has no free PCI slot (give a q35 guest one more <controller type='pci' "
           "model='pcie-root-port'/> for each interface, or use inject = persist)";
  std::string text = reason_in(finished.err);
  return text.empty() ? "apply ended with status " + std::to_string(finished.status) : text;
}

/// One call of apply; a program that cannot be run or does not end counts as a failure like any other.
Finished apply_once(const std::string& program, const Job& job, std::chrono::milliseconds limit) {
  try {
    return run_program(program, apply_words(job), limit, job_environment());
  } catch (const Error& error) {
    return {.status = 4, .err = error.messages().front().text};
  }
}

/// The release of a guest takes its report away: nothing is told of one that is gone.
void tell(const Job& job, const std::string& outcome, const std::string& text) {
  change_report({.guest = job.guest, .uuid = job.uuid, .task = "inject", .outcome = outcome, .text = text});
}

void report(const Job& job, const std::string& outcome, const std::string& text) {
  bool const failed = outcome == "failed";
  log_message(failed ? Severity::error : Severity::note, "guest " + job.guest + ": inject: " + text);
  tell(job, outcome, text);
}

/// A guest that is stopped and started again may have a job under way. Without a lock both find what they
/// find.
std::unique_ptr<Lock> lock_of(const Job& job) {
  if (!is_uuid(job.uuid) || ::geteuid() != 0) return nullptr;
  try {
    return std::make_unique<Lock>(job.uuid);
  } catch (const Error& error) {
    log_messages(job.guest, error.messages());
    return nullptr;
  }
}

/// Tries until it succeeds, fails for good, or the time is over; once at least.
Finished carry_out(const std::string& program, Job job, Clock::time_point end) {
  auto pause = std::chrono::milliseconds(100);
  while (true) {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    Finished finished = apply_once(program, job, std::max(left, std::chrono::milliseconds(0)) + patience);
    if (job.how == Inject::both && is_transient(finished)) {
      job.how = Inject::hotplug;  // there is no definition to add it to
      continue;
    }
    if (finished.status == 0 || is_final(finished) || Clock::now() + pause >= end) return finished;
    tell(job, "pending", "tries again: " + result_text(finished));
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds(2000));
  }
}

}  // namespace

void run_job(const std::string& program, const Job& job) {
  std::unique_ptr<Lock> const lock = lock_of(job);
  auto const end = Clock::now() + job.timeout;
  std::string failures;
  std::vector<std::string> there;
  for (const Job& part : by_source(job)) {
    Finished const finished = carry_out(program, part, end);
    if (finished.status == 0)
      there.insert(there.end(), part.interfaces.begin(), part.interfaces.end());
    else
      failures.append(failures.empty() ? "" : "; ").append(result_text(finished));
  }
  if (failures.empty()) return report(job, "done", "the guest has what was asked for: " + join(there, "; "));
  if (!there.empty()) failures += "; the guest has: " + join(there, "; ");
  report(job, "failed", failures);
}

}  // namespace virt_iface::hook
