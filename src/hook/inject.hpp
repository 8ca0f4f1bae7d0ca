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

/// The interfaces asked for that the guest lacks, as `apply` would add them. Throws Error (invalid).
std::vector<Element> missing_interfaces(const Document& document, const Settings& settings);

/// The job for a guest that just started.
Job make_job(const Document& document, const Settings& settings);

/// The words of `virt-iface` that run a job, and the job of such words. Throws Error (usage).
std::vector<std::string> words_of(const Job& job);
Job job_of(const std::vector<std::string>& words);

/// Starts `program words…` in a session of its own with all descriptors closed and does not wait for it: a
/// child that kept one of the hook's would hold libvirt up. Throws Error (system).
void start_detached(const std::string& program, const std::vector<std::string>& words);

/// Runs a job to its end: calls `program apply --connect …` until it succeeds, fails for good, or the time is
/// over; the result goes to the log and to the guest's report.
void run_job(const std::string& program, Job job);

/// An interface as --interface takes it.
std::string option_of(const Interface& interface);

/// This program's own file.
std::string own_program();

}  // namespace virt_iface::hook
