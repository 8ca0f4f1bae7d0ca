// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/keys.hpp"

namespace virt_iface {

/// What is to be said about a value by itself.
struct Verdict {
  std::string value{};  ///< normalised, if right: as libvirt writes it back
  std::string fault{};  ///< empty: the value is right
  std::string hint{};
};

/// Judges a value of `spelling` (for the message) by its row's kind; exact comparison, nothing guessed.
Verdict judge(const Key& key, std::string_view spelling, std::string_view value);

/// The normal form by which two values of a key compare: `0x1` and `1` of a PCI bus, MACs in any case, UUIDs
/// without dashes. A wrong value or an unknown key: the value itself.
std::string normalised(std::string_view key, std::string_view value);

/// True if both spellings of a key's value mean the same: their normal forms do.
bool equal_values(std::string_view key, std::string_view a, std::string_view b);

/// A value as people read it: `10-15,20` for a list of numbers.
std::string shown(std::string_view key, std::string_view value);

/// Neither `.` nor `..`, no slash and no colon: what else the kernel asks of a device's name, other checks
/// do.
bool is_kernel_name(std::string_view name);

/// vnet0, macvtap0, macvlan0, and all that begins so: made up by libvirt for one host, harmful on another
/// (libvirt 282d135ddbb7), and dropped by it whatever stands behind the prefix
/// (virDomainNetDefParseXML, 9.0.0).
bool is_automatic_target(std::string_view name);

/// A value of `bandwidth.inbound` or `.outbound`.
struct Bandwidth {
  /// By the last part of their keys: average, peak, burst, floor. Only what is stated.
  std::vector<std::pair<std::string_view, std::string>> parts{};
  std::string fault{};  ///< empty: the value is right
  std::string hint{};
};

/// Reads `average[,peak[,burst]][,floor=N]`; each part may be named, and then stand alone.
Bandwidth parse_bandwidth(std::string_view value);

/// The text at its commas, each part trimmed.
std::vector<std::string_view> split_list(std::string_view text);

}  // namespace virt_iface
