// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hook/condition_map.hpp"
#include "job/job.hpp"
#include "spec/spec.hpp"

namespace virt_iface::hook {

inline constexpr const char* standard_conf = "/etc/virt-iface/hook.conf";

enum class Check { off, warn, require };

/// An interface to inject, and which section asks for it.
struct PolicyInterface {
  Interface interface {};  ///< `mac = stable` where none is said
  std::string section{};   ///< `1`, `1.2` (the second of a list of names), `network.blue`
  std::string heading{};   ///< `interfaces.1`, `main`
};

/// What hook.conf says of one guest.
struct Settings {
  bool exempt = false;                  ///< nothing is done for this guest
  std::optional<std::string> guests{};  ///< `guests` as it is written; nothing: every guest
  std::string pattern{};                ///< of `guests`, the one that this guest matches
  Check check = Check::off;
  bool bring_up = false;
  bool create_ovs_bridges = false;
  Libvirt libvirt = 0;              ///< which carries the guest here; 0: not said
  std::vector<std::string> drop{};  ///< what isolates a guest and may be lost: vlan, port.isolated, filterref
  Inject inject = Inject::off;
  std::chrono::seconds inject_timeout{60};
  std::string connect{};                       ///< libvirt's URI for the injection; empty: the driver's own
  std::vector<ConditionMap> condition_maps{};  ///< these before all others
  std::vector<SourceMap> maps{};               ///< the guest's own first
  std::vector<PolicyInterface> interfaces{};   ///< to inject
  std::vector<Message> warnings{};             ///< of what is hardly meant
};

/// The settings of `guest` in a hook.conf. Throws Error (invalid) with every fault of the file, whichever
/// guest it concerns.
Settings read_settings(const std::string& text, const std::string& file, const std::string& guest);

/// Whether the hook touches this guest, and by which pattern of `guests`.
std::string scope_of(const Settings& settings);

/// What a faulty hook.conf says of `check` for `guest` in front of its first fault; `off` if nothing.
Check check_before_fault(const std::string& text, const std::string& file, const std::string& guest,
                         std::size_t fault_line);

}  // namespace virt_iface::hook
