// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace virt_iface::hook {

/// What the hook did for a guest, as `hook --status` shows it.
struct Report {
  std::string guest{};
  std::string uuid{};
  std::string task{};     ///< check, retarget, inject
  std::string outcome{};  ///< done, nothing, pending, warned, refused, failed
  std::string text{};
  std::string time{};  ///< UTC, ISO 8601; filled in when it is kept
  /// Of a retarget: what was changed, as the words of update, a MAC first.
  std::vector<std::vector<std::string>> updates{};
};

/// Keeps the report in place of the last one of that guest and task, for as long as the guest runs, and adds
/// it to the history. A state that cannot be kept is logged, not thrown: it must not stop a guest. For a
/// user's own guests (qemu:///session) there is none.
void keep_report(Report report);

/// Adds it to the history alone: of a guest that is not here, or a call whose document was not read.
void note_report(Report report);

/// True if any guest has a report.
bool has_reports();

/// As keep_report if there is a report of that guest and task: one that was forgotten does not come back.
void change_report(const Report& report);

/// The report of that guest and task, if there is one.
std::optional<Report> kept_report(const std::string& uuid, const std::string& task);

/// All reports, by guest and task. Throws Error (system) if the directory cannot be read.
std::vector<Report> kept_reports();

/// The last reports of all guests, gone or not, the oldest first: what was pending is not among them.
std::vector<Report> history();

/// Forgets a guest whose run is over, but for the history.
void forget_reports(const std::string& uuid);

/// Says that libvirt called, and when it last did; empty: not yet. Never throws.
void note_call(const std::string& guest, const std::string& operation) noexcept;
Report last_call();

}  // namespace virt_iface::hook
