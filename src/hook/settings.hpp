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

inline constexpr const char* standard_conf = "/etc/virt-iface/hook.conf";

enum class Check { off, warn, require };
enum class Inject { off, hotplug, persist, both };
inline constexpr std::array<std::string_view, 4> inject_words{"off", "hotplug", "persist", "both"};

/// What hook.conf says of one guest.
struct Settings {
  bool exempt = false;  ///< nothing is done for this guest
  Check check = Check::off;
  bool bring_up = false;
  bool create_ovs_bridges = false;
  std::vector<std::string> drop{};  ///< what isolates a guest and may be lost: vlan, port.isolated, filterref
  Inject inject = Inject::off;
  std::chrono::seconds inject_timeout{60};
  std::string connect{};                ///< libvirt's URI for the injection; empty: the driver's own
  std::vector<SourceMap> maps{};        ///< the guest's own first
  std::vector<Interface> interfaces{};  ///< to inject; `mac = stable` where none is said
};

/// The settings of `guest` in a hook.conf. Throws Error (invalid) with every fault of the file, whichever
/// guest it concerns.
Settings read_settings(const std::string& text, const std::string& file, const std::string& guest);

/// How long to try, as hook.conf and a job's words say it: 1 to 3600; else nothing.
std::optional<std::chrono::seconds> seconds_of(const std::string& word);

/// What a faulty hook.conf says of `check` for `guest` in front of its first fault; `off` if nothing.
Check check_before_fault(const std::string& text, const std::string& file, const std::string& guest,
                         std::size_t fault_line);

/// The text of a hook.conf; nothing if there is none. Throws Error (invalid) when it or a folder that its
/// path leads through belongs to another user than root (or the caller), or can be written by others; Error
/// (system) if it cannot be read.
std::optional<std::string> read_owned(const std::string& path);

}  // namespace virt_iface::hook
