// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace virt_iface::hook {

enum class Inject { off, hotplug, persist, both };
inline constexpr std::array<std::string_view, 4> inject_words{"off", "hotplug", "persist", "both"};

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

/// A job as text, and back. Throws Error (usage).
std::string text_of(const Job& job);
Job job_of(const std::string& text);

/// How long to try, as hook.conf and a job's words say it: 1 to 3600; else nothing.
std::optional<std::chrono::seconds> seconds_of(const std::string& word);

/// The indices of those on one source together, in the order of their first: they are paired together.
std::vector<std::vector<std::size_t>> by_source(const std::vector<Interface>& interfaces);

/// The job in parts, one for each source, in the order of the first interface on it.
std::vector<Job> by_source(const Job& job);

}  // namespace virt_iface::hook
