// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "edit/plan.hpp"
#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// A wanted interface, made ready for one kind of domain.
struct Wanted {
  Interface stated{};    ///< as asked for
  Interface complete{};  ///< with the domain's defaults
  const Element*
      element{};  ///< of `complete`; nullptr: it is out of a list, and made only where it is missing
  std::vector<Message> unless_there{};  ///< what there is to say of it, and not of one that is there
  std::string stable{};                 ///< the MAC that `mac = stable` means in this domain, or empty
  Settled same{};                       ///< the one that stands for it in the guest's other description
  std::string guest{};                  ///< the domain's name, where target.dev is a pattern
};

/// A stated key in which a present interface is not what is wanted.
struct Difference {
  std::string key{};
  std::string present{};  ///< empty: not there
  std::string wanted{};
};

/// A wanted interface and the present one that stands for it.
struct Pair {
  std::size_t wanted = 0;
  std::size_t present = 0;
  std::vector<Difference> differences{};
};

/// Pairs wanted and present interfaces one to one, best match first (contract.md): a stated MAC or alias,
/// then what is the same in everything and isolated by nothing else, then what is the same, then with the
/// fewest differences, then those that are on the same source with another VLAN, port group, virtual port or
/// kind of bridge. One whose MAC is of a policy seed is paired with who has that MAC on another source, if
/// with nobody else. Ordered by wanted. `macs`: of each wanted one, the MAC that it goes with before all
/// else, or empty. Throws Error (invalid) for a value that differs and is none, which only what is out of a
/// list can have.
std::vector<Pair> pair_up(const std::vector<Wanted>& wanted, const std::vector<Element>& present,
                          const std::vector<std::string>& macs = {});

}  // namespace virt_iface
