// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

// What a row of the table of keys means on one interface: where that depends on the type, the virtual port or
// the value, it is here.

/// Whether the setting keeps the guest apart or says which network it is on, so that it is never lost
/// unnamed. By libvirt's documentation: VLANs, port groups and filters always; `mode` where it is private (no
/// frame between the guests of one device); `port.isolated` where it is yes; a virtual port's profile and VSI
/// parameters, by which the switch configures the port; `interfaceid` on midonet, which has nothing else that
/// says which port it is. Open vSwitch's interfaceid and 802.1Qbg's instanceid only name the port.
bool is_isolating(const Setting& setting, const Interface& on);

/// The type of its virtual port: stated, or implied by the type; empty if it has none.
std::string_view port_of(const Interface& interface);

/// Whether a virtual port of that type takes the parameter.
bool port_takes(const Key& parameter, std::string_view port);

/// The parameters that a virtual port of that type must state.
std::vector<std::string_view> needed_by(std::string_view port);

/// Whether libvirt takes virtio options with that model: it looks at the model stated, and at nothing else
/// (virDomainNetDefParseXML, 9.0.0).
bool is_virtio(std::string_view model);

/// Whether passt connects the interface. One of vhostuser then has no socket of its own.
bool is_passt(const Interface& interface);

/// Whether it carries VLANs tagged: that is stated, or it has several of them or a native one.
bool is_trunk(const Interface& interface);

/// Whether the key says how passt does.
bool is_of_passt(const Key& key);

/// Whether the key works with a virtio model only. On hostdev `driver.name` says what passes the device
/// through.
bool needs_virtio(const Key& key, std::string_view type);

/// Whether that driver is one of an interface of the type.
bool is_driver_of(std::string_view type, std::string_view name);

/// `11`, `11.2` or `11.2.1`; nothing: it is no version.
std::optional<Libvirt> parse_libvirt(std::string_view text);

/// `11.2`.
std::string libvirt_text(Libvirt version);

/// The first libvirt that carries the setting on that interface; 0: every one that virt-iface works with.
Libvirt since(const Setting& setting, const Interface& on);

/// Whether its macvtap mode is what cannot carry the key: a VLAN needs passthrough.
bool mode_forbids(std::string_view key, const Interface& interface);

/// What of the interface cannot carry the setting (`type bridge`, `mode vepa`, `model e1000`) with that
/// libvirt; empty: it can.
std::string cannot_carry(const Setting& setting, const Interface& interface, Libvirt libvirt = 0);

/// Whether `word` names something that isolates a guest: one of isolating_words(), or a key of such a family.
bool names_isolating(std::string_view word);

/// What isolates a guest, as --drop names it: vlan, filterref, port.isolated, …
const std::vector<std::string_view>& isolating_words();

/// The one of these words that stands for the key.
std::string_view isolating_word(std::string_view key);

}  // namespace virt_iface
