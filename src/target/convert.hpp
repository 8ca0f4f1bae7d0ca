// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/spec.hpp"

namespace virt_iface {

/// What a template has become, and what that needs of a libvirt.
struct Converted {
  std::string text{};
  std::vector<Message> notes{};
};

/// The `<interface>` elements that a domain of that arch would get, one after the other; the implied network
/// `default` is among them. Throws Error (invalid): a value that such a domain, or that libvirt, cannot have,
/// a stable MAC, which only a domain makes. `arch` empty: the host's.
Converted interface_elements(const Spec& spec, const std::string& arch, Libvirt libvirt);

/// A domain for x86_64, s390x or ppc64le that has these interfaces, and that name (`guest`, where it is
/// empty). Throws Error (invalid); of a stable MAC, too, that has nothing of its own to be computed from.
Converted domain_with(const Spec& spec, const std::string& arch, const std::string& name, Libvirt libvirt);

}  // namespace virt_iface
