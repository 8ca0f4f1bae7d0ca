// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/spec.hpp"

namespace virt_iface {

/// How a template says its interfaces: proposal 2 keeps `networks` as a list of names beside `interfaces`
/// {type, name, mode}; proposal 1 has one list of {type, source, mode}.
enum class Form { proposal1, proposal2 };

/// A spec as one of the forms states it, so that wanted() stays the same for every arch.
struct Arranged {
  bool implies_default = false;                        ///< `networks` is absent, which stands for `default`
  std::optional<std::vector<std::string>> networks{};  ///< proposal 2 only
  std::vector<Interface> interfaces{};
};

/// Networks that are only names and come first go into proposal 2's `networks`; in proposal 1 each becomes an
/// interface with the model that the list implies.
Arranged arrange(const Spec& spec, Form form);

/// The spec with all networks that are only names in the list `networks`, in front of the others.
Spec with_listed_networks(Spec spec);

/// What a template holds beside its interfaces and `retarget`, for other readers.
struct OtherPart {
  std::string name{};  ///< for messages
  Place place{};
};

/// Whether all that an interface says is the name of a network, as an item of `networks` has it.
bool is_only_a_network(const Interface& interface);

/// The settings in the order in which people write them: type, name, mode, model, mac, the others.
/// `mode = NA` is added where proposal 1 wants it, and the name is called as the form calls it.
std::vector<Setting> as_written(const Interface& interface, Form form);

}  // namespace virt_iface
