// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "host/sources.hpp"

namespace virt_iface {

/// The host's device of that name, or of another name that the kernel knows it by; nullptr if it has none.
const Nic* find_nic(const Host& host, std::string_view name);

/// What the cards at or beneath `name` keep from the guests of an interface of that type (macvtap, bridge,
/// ovs): a warning each, also through bonds, VLANs and Open vSwitch's patches; RoCE under Open vSwitch a
/// note. From the kernel's drivers/s390/net/qeth_l2_sys.c and IBM's Device Drivers, Features, and Commands.
std::vector<Message> check_cards(const Host& host, std::string_view type, std::string_view name);

/// The same in a few words, as sources shows it; empty where nothing is wrong.
std::string card_note(const Host& host, std::string_view type, std::string_view name);

}  // namespace virt_iface
