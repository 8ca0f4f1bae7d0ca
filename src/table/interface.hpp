// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "table/keys.hpp"

namespace virt_iface {

/// One key with its value, in our words: canonical spelling, value normalised (MAC in lower case, lists
/// joined by `,`, UUIDs in lower case with dashes).
struct Setting {
  std::string key{};
  std::string value{};
  Place place{};
};

/// An interface in our words. `type` is a word of types(); what it is plugged into is always under `source`
/// (one name), the macvtap mode under `mode`. Settings stand in table order.
struct Interface {
  std::vector<Setting> settings{};
  Place place{};  ///< of the section's heading or of the `--interface` option
  bool listed =
      false;  ///< out of a list: it may be what a domain has already, and is checked where it is made

  std::string_view get(std::string_view key) const;  ///< empty when absent
  const Setting* find(std::string_view key) const;
  void set(std::string_view key, std::string value, Place place = {});  ///< keeps table order
  bool erase(std::string_view key);
};

/// Whether both say the same, wherever they say it.
bool same_settings(const Interface& a, const Interface& b);

/// A version of libvirt as major × 1000 + minor; 0: whichever there is.
using Libvirt = std::uint32_t;

/// What of a domain the rules of a key look at.
struct DomainTraits {
  std::string arch{};         ///< libvirt's name: x86_64, s390x, ppc64le, …
  std::string type{};         ///< qemu, kvm, hvf, bhyve, xen, lxc, …
  bool assumed = false;       ///< the arch is this host's: nobody said it
  bool shares_memory = true;  ///< with other processes, as vhost-user needs it; also where that is not known
  Libvirt libvirt = 0;        ///< which is to carry it
};

/// s390x, or its 32 bits of old.
bool is_s390(std::string_view arch);

/// The id of a fault of what libvirt reads, and drops or refuses at the start: an interface that is there
/// already may have it.
inline constexpr std::string_view unless_there = "unless-there";

/// The id of what is said of a setting that only a newer libvirt carries: an error where an older one is to
/// carry it, else a note.
inline constexpr std::string_view needs_libvirt = "needs-libvirt";

/// Every fault and warning of an interface by itself: unknown or missing values, keys that its type or
/// model cannot carry. Without `domain` only what holds in every domain is checked; with one, what is not
/// said stays unsaid: an interface that is to be made has its defaults by then.
std::vector<Message> check(const Interface& interface, const DomainTraits* domain);

/// The faults and warnings of `after` that `before` does not have.
std::vector<Message> check_change(const Interface& before, const Interface& after,
                                  const DomainTraits* domain);

/// The interface with its defaults filled in for that domain: what its type needs, and `model` virtio in
/// qemu, kvm, hvf and bhyve domains but for hostdev, none elsewhere. `model = libvirt` is removed.
Interface with_defaults(const Interface& interface, const DomainTraits& domain);

/// Whether an interface of such a domain gets a virtio model where nobody states one.
bool has_virtio_by_default(const DomainTraits& domain);

/// States what its type cannot do without: hostdev's `managed`, vhostuser's `source.mode`.
void add_type_defaults(Interface& interface);

/// `type=macvtap,name=eth0,mode=bridge` as interfaces (one for each name). `label` is the place's file,
/// normally `--interface`. Throws Error (invalid) with all faults; with `may_be_there` not those that an
/// interface may have which is there already: whoever adds it looks again.
std::vector<Interface> parse_interface(std::string_view text, const std::string& label,
                                       bool may_be_there = false);

/// Whether they are the two halves of one failover pair: the transient one names the other's alias.
bool is_pair(const Interface& a, const Interface& b);

/// Whether no two interfaces of a domain may share what it states of the key. A device of the host that is
/// passed through, too: libvirt (9.0 to 12.8) defines no domain that has it twice.
bool is_its_own(const Interface& interface, const Key& key);

/// Keys that two interfaces of one request may not state alike: MAC (unless they are a pair), alias, target,
/// boot order, ACPI index, interfaceid, the device of hostdev. One message for each repetition.
std::vector<Message> check_distinct(const std::vector<Interface>& interfaces);

/// `KEY=VALUE` words of update, `bandwidth.inbound` as the keys that it is short for. An empty value removes
/// the key, or all keys of a family (`filterref=`). Throws Error (invalid) naming near misses.
std::vector<Setting> parse_settings(const std::vector<std::string>& words);

}  // namespace virt_iface
