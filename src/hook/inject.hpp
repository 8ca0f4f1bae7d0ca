// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "hook/settings.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// What a detached job gets a guest. Travels as the words of a command line.
struct Job {
  std::string guest{};
  std::string uuid{};
  std::string connect{};  ///< libvirt's URI
  Inject how = Inject::off;
  std::chrono::seconds timeout{};
  std::vector<std::string> interfaces{};  ///< each as --interface takes it
};

/// What a guest lacks of what is asked for. What cannot be added does not stand in the way of what can: only
/// interfaces on one source, which are paired together, stand and fall together.
struct Missing {
  std::vector<Element> interfaces{};  ///< as `apply` would add them
  std::vector<Message> faults{};
  /// What a running guest's network gave its interfaces (a VLAN) looks as if the guest had it of its own:
  /// only libvirt can tell whether the faults are some.
  bool certain = true;
};
Missing missing_interfaces(const Document& document, const Settings& settings);

/// The job for a guest that just started.
Job make_job(const Document& document, const Settings& settings);

/// The words of `virt-iface` that run a job, and the job of such words. Throws Error (usage).
std::vector<std::string> words_of(const Job& job);
Job job_of(const std::vector<std::string>& words);

/// The job in parts, one for each source, in the order of the first interface on it.
std::vector<Job> by_source(const Job& job);

/// The environment of a job, and of what it calls: for a user's own guests also where libvirt's client looks
/// for the user's own libvirtd.
std::vector<std::string> job_environment();

/// Starts `program words…` in a session of its own with all descriptors closed and waits until it runs, no
/// longer: a child that kept one of the hook's would hold libvirt up. Throws Error (system) if it does not
/// run.
void start_detached(const std::string& program, const std::vector<std::string>& words);

/// Runs a job to its end: calls `program apply --connect …` for one source after the other, each until it
/// succeeds, fails for good, or the time is over (so that the guest's interfaces come in one order at each
/// start); the result goes to the log and, if the guest still has one, to its report.
void run_job(const std::string& program, const Job& job);

/// An interface as --interface takes it.
std::string option_of(const Interface& interface);

/// This program's own file.
std::string own_program();

}  // namespace virt_iface::hook
