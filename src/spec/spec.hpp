// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "conf/conf.hpp"
#include "table/interface.hpp"

namespace virt_iface {

/// One rule of `[retarget]` or `--map`: `eth0 = bond0`, `macvtap:eth0 = ovs:vswitch0`. Exact names.
struct SourceMap {
  std::string from_type{};  ///< one of our types, or empty: any
  std::string from{};
  std::string to_type{};  ///< empty: the type stays
  std::string to{};
  std::string to_mode{};        ///< macvtap only (`macvtap:eth0:vepa`); empty: kept, or bridge when the type
                                ///< changes to macvtap
  std::vector<Setting> keys{};  ///< that the interface has then, too: `ovs:ovs0,vlan.tag=42`
  Place place{};
};

/// Which template.conf: both proposals are read as `proposal`; `mail1` is {type, interface, mode} of the
/// RFC's first mail, whose types are direct, bridge and network, and of its first reply, where they are
/// macvtap, ovs and virtualnetwork. A bridge means Open vSwitch there.
enum class Dialect { proposal, mail1 };

/// The type that `mail1` means by a word.
std::string type_of_mail(std::string_view word);

/// What template.conf asks for.
struct Spec {
  std::string name{};  ///< of the template: a domain that is made of it has it
  bool has_main = false;
  bool implies_default = false;                      ///< it has `[main]`, and names no network
  std::optional<std::vector<Interface>> networks{};  ///< `[main] networks`; nullopt: the key is absent
  std::vector<Interface> interfaces{};  ///< `[interfaces.N]` by number, one for each name of a list
  std::vector<SourceMap> retarget{};
  bool has_retarget = false;  ///< `[retarget]` stands there, were it empty
};

struct SpecRules {
  Dialect dialect = Dialect::proposal;
  /// Sections of other readers (hook.conf's `hook`, `retarget.GUEST`, `guest.NAME`): ignored.
  /// A name ending in `.` stands for the whole family.
  std::vector<std::string_view> other_sections{};
  bool may_be_there = false;  ///< as for parse_interface
};

/// The meaning of a configuration. Throws Error (invalid) with every fault.
Spec read_spec(const Conf& conf, const SpecRules& rules = {});

/// A `FROM=TO` rule. Throws Error (invalid).
SourceMap parse_map(std::string_view text, const std::string& label);

/// The same for a rule whose sides and place are known, as in `[retarget]`.
SourceMap make_map(std::string_view from, std::string_view to, const Place& place);

/// A rule for interfaces of one type goes before one for any: the first that fits is taken.
void typed_first(std::vector<SourceMap>& maps);

/// The rules of a section such as `[retarget]`, and what is wrong with the others.
struct SourceMaps {
  std::vector<SourceMap> maps{};
  std::vector<Message> faults{};

  /// Takes a rule; one from a source that has a rule already is a fault.
  void add(SourceMap map);
  /// Reads it first.
  void add(std::string_view from, std::string_view to, const Place& place);

 private:
  std::set<std::pair<std::string, std::string>> sources_{};
};
SourceMaps read_maps(const Conf& conf, const Section& section);

/// The sides of a rule as make_map reads them.
std::string map_from(const SourceMap& map);
std::string map_to(const SourceMap& map);

/// Neither in the list of networks nor among the interfaces.
bool names_no_network(const Spec& spec);

/// The network `default`, as an item of `networks`.
Interface default_network();

/// All interfaces that a domain must have, in order: networks, then interfaces; the implied network
/// `default` included where contract.md says so (`imply_default`; never on s390x).
std::vector<Interface> wanted(const Spec& spec, std::string_view arch, bool imply_default);

/// What is said where that network is implied: nobody wrote it. Nothing where it is not.
std::vector<Message> implied_network(const Spec& spec, std::string_view arch);

}  // namespace virt_iface
