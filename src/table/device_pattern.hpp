// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace virt_iface {

// A pattern for the names of devices on the host, `{name}-{n}`: {name} is the domain's name, {n} the
// interface's number. What it makes has at most 15 bytes: the domain's name is cut, and what a device's name
// cannot have is _ in it.

/// Whether a `target.dev` is such a pattern; a device's name has no braces (deviceName).
bool is_device_pattern(std::string_view text);

/// What is wrong with it; empty: nothing.
std::string fault_of_pattern(std::string_view pattern);

/// Whether it has {name}, or {n}.
bool has_domain_name(std::string_view pattern);
bool has_number(std::string_view pattern);

/// What it makes for the domain's interface of that number.
std::string device_name(std::string_view pattern, std::string_view domain, std::size_t number);

/// Whether it makes that name for one of the domain's interfaces.
bool makes_device(std::string_view pattern, std::string_view domain, std::string_view device);

}  // namespace virt_iface
