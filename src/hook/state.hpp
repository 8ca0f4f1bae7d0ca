// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/file.hpp"

namespace virt_iface::hook {

inline constexpr const char* state_folder = "/run/virt-iface";

/// What the hook last did for a guest, as `hook --status` shows it.
struct Report {
  std::string guest{};
  std::string uuid{};
  std::string task{};     ///< check, move, inject
  std::string outcome{};  ///< done, nothing, pending, warned, refused, failed
  std::string text{};
  std::string time{};  ///< UTC, ISO 8601
};

/// Keeps the report in place of the last one of that guest and task. A state that cannot be kept is logged,
/// not thrown: it must not stop a guest. For a user's own guests (qemu:///session) there is none.
void keep_report(Report report);

/// True if any guest has a report.
bool has_reports();

/// The same if there is a report of that guest and task: one that was forgotten does not come back.
void change_report(const Report& report);

/// All reports, by guest and task. Throws Error (system) if the folder cannot be read.
std::vector<Report> kept_reports();

/// Forgets a guest whose run is over.
void forget_reports(const std::string& uuid);

/// Says that a guest uses an Open vSwitch bridge that may be ours, or no longer does; true if nobody else
/// does. Both names come out of a document. Throws Error (invalid) for what can be no bridge; Error (system).
void claim_bridge(const std::string& bridge, const std::string& uuid);
bool release_bridge(const std::string& bridge, const std::string& uuid);

/// True for a UUID as libvirt writes it. Whatever else a document says for one becomes no path and no word of
/// a command.
bool is_uuid(const std::string& text);

/// True if any guest has claimed a bridge.
bool has_claims();

/// The bridges that a guest has claimed.
std::set<std::string> claimed_bridges(const std::string& uuid);

/// Held while nobody else may do the same: guests start side by side. `name` is a plain word or a UUID. Its
/// file is taken away while it is still held, so that none is left behind.
class Lock {
 public:
  /// Throws Error (system).
  explicit Lock(const std::string& name);
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock();

 private:
  std::string path_;
  Descriptor descriptor_{};
};

}  // namespace virt_iface::hook
