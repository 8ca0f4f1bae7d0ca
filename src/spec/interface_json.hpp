// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// The value of a setting in JSON, as its key's kind says: a number as a number, several of them as an array,
/// all else, and what is not as the kind says, as text.
nlohmann::ordered_json setting_json(const Setting& setting);

/// The one form of an interface in JSON (virt-iface.conf(5), JSON): libvirt's word for its type, its keys,
/// what libvirt named it, and the fields of the 2016 proposal. `kept`: what no key stands for.
nlohmann::ordered_json flat_json(const Interface& interface, const std::vector<Setting>& kept,
                                 std::string_view libvirt_type);

}  // namespace virt_iface
