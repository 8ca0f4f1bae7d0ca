// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace virt_iface {

/// The `<interface>` elements that a domain of that arch would get, one after the other; the implied network
/// `default` is among them. Throws Error (invalid): a value that such a domain cannot have, a stable MAC,
/// which only a domain makes. `arch` empty: the host's.
std::string interface_elements(const Spec& spec, const std::string& arch);

/// A domain for x86_64, s390x or ppc64le that has these interfaces, and that name (`guest`, where it is
/// empty). Throws Error (invalid); of a stable MAC, too, that has nothing of its own to be computed from.
std::string domain_with(const Spec& spec, const std::string& arch, const std::string& name);

}  // namespace virt_iface
