// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// What was found wrong with an interface: which rule, and of what. The same fault of an interface before and
/// after a change is the same `rule` and `about`, whatever the message says.
struct Finding {
  std::string_view rule{};  ///< a literal, as `vlan-needs-passthrough`
  std::string about{};      ///< the key and its value, and what else the rule looks at
  Message message{};

  bool is(const Finding& other) const { return rule == other.rule && about == other.about; }
};

/// The finding of a fault of that key (or one that lacks), at its place. `also`: on what it depends besides.
Finding found(const Interface& interface, std::string_view rule, std::string_view key, std::string text,
              std::string hint, std::string_view also = {});

/// The faults of what says how an interface of that type is plugged in: source, mode, driver, and what each
/// type needs beside.
std::vector<Finding> check_type(const Interface& interface, const Type& type, const DomainTraits* domain);

}  // namespace virt_iface
