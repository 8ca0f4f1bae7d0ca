// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "hook/settings.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// One interface that a job gives a guest.
struct JobInterface {
  std::string name{};    ///< `[interfaces.1] (macvtap on nicA)`, for messages
  std::string option{};  ///< as --interface takes it
};

/// What a detached job gets a guest. Travels as one word of JSON.
struct Job {
  std::string guest{};
  std::string uuid{};
  std::string connect{};  ///< libvirt's URI
  Inject how = Inject::off;
  std::chrono::seconds timeout{};  ///< from the guest's arrival on
  std::vector<JobInterface> interfaces{};
  /// What rewrote the guest as it arrived, for its definition: a MAC, and then KEY=VALUE words of update.
  std::vector<std::vector<std::string>> updates{};
};

/// The job for a guest that just started.
Job make_job(const Document& document, const Settings& settings);

/// A job as text, and back. Throws Error (usage).
std::string text_of(const Job& job);
Job job_of(const std::string& text);

/// The job in parts, one for each source, in the order of the first interface on it.
std::vector<Job> by_source(const Job& job);

/// An interface as --interface takes it.
std::string option_of(const Interface& interface);

}  // namespace virt_iface::hook
