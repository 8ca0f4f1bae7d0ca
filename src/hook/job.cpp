// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <optional>
#include <thread>

#include "base/process.hpp"
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

/// The first line of what it said, without the program's own prefixes.
std::string first_line(const std::string& text) {
  std::string line(trim(text.substr(0, text.find('\n'))));
  for (std::string_view prefix : {"virt-iface: ", "error: "})
    if (line.starts_with(prefix)) line.erase(0, prefix.size());
  return line;
}

/// libvirt's words for a guest without a free slot, whatever its machine.
bool is_without_slot(const std::string& text) {
  std::string const said = lower(text);
  return said.find("no more available pci slots") != std::string::npos ||
         said.find("no free pci") != std::string::npos ||
         (said.find("pci") != std::string::npos && said.find("no") != std::string::npos &&
          said.find("slot") != std::string::npos);
}

bool is_transient(const Finished& finished) {
  return finished.status == 4 && finished.err.find("has no persistent configuration") != std::string::npos;
}

/// Status 3 is the configuration's or the document's: it stays wrong however often it is asked.
bool is_final(const Finished& finished) {
  return finished.status == 3 || finished.status == 2 || is_without_slot(finished.err) ||
         is_transient(finished);
}

std::string result_text(const Finished& finished) {
  std::string text = first_line(finished.err);
  if (text.empty()) text = "apply ended with status " + std::to_string(finished.status);
  if (is_without_slot(finished.err))
    text +=
        " (the guest has no free slot: give a q35 guest one more <controller type='pci' "
        "model='pcie-root-port'/> for each interface, or use inject = persist)";
  return text;
}

/// One call of apply; a program that cannot be run or does not end counts as a failure like any other.
Finished apply_once(const std::string& program, const Job& job, std::chrono::milliseconds limit) {
  try {
    return run_program(program, apply_words(job), limit);
  } catch (const Error& error) {
    return {.status = 4, .err = error.messages().front().text};
  }
}

void report(const Job& job, const std::string& outcome, const std::string& text) {
  bool const failed = outcome == "failed";
  log_message(failed ? Severity::error : Severity::note, "guest " + job.guest + ": inject: " + text);
  keep_report({.guest = job.guest, .uuid = job.uuid, .task = "inject", .outcome = outcome, .text = text});
}

/// Why it is not done yet: for who looks, not for the log.
void tell_waiting(const Job& job, const std::string& why) {
  keep_report({.guest = job.guest,
               .uuid = job.uuid,
               .task = "inject",
               .outcome = "pending",
               .text = "tries again: " + why});
}

/// A guest that is stopped and started again may have a job under way. Without a lock both find what they
/// find.
std::optional<Lock> lock_of(const Job& job) {
  std::optional<Lock> lock;
  try {
    lock.emplace(job.uuid);
  } catch (const Error& error) {
    log_messages(job.guest, error.messages());
  }
  return lock;
}

}  // namespace

void run_job(const std::string& program, Job job) {
  std::optional<Lock> const lock = lock_of(job);
  auto const end = Clock::now() + job.timeout;
  auto pause = std::chrono::milliseconds(100);
  while (true) {
    auto const left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    Finished const finished = apply_once(program, job, left + patience);
    if (finished.status == 0) {
      return report(job, "done", "the guest has what was asked for: " + join(job.interfaces, "; "));
    }
    if (job.how == Inject::both && is_transient(finished)) {
      job.how = Inject::hotplug;  // there is no definition to add it to
      continue;
    }
    if (is_final(finished) || Clock::now() + pause >= end)
      return report(job, "failed", result_text(finished));
    tell_waiting(job, result_text(finished));
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds(2000));
  }
}

}  // namespace virt_iface::hook
