// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include "spec/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// Values that no two devices of a domain may share, as they are taken one after the other.
class Taken {
 public:
  /// What the domain's interfaces (but those at the indexes `except`) and other devices hold.
  explicit Taken(const Domain& domain, const std::set<std::size_t>& except = {});

  bool has_mac(const std::string& mac) const { return macs_.contains(mac); }

  /// The faults of one more interface: a MAC twice (unless both carry teaming), an alias, target name, boot
  /// order or ACPI index twice, a boot order beside <os><boot>. Then its values count as taken too.
  std::vector<Message> take(const Interface& interface);

  /// The same of what is changed in an interface: faults that it had before are left. First keep() what
  /// stays of all the interfaces that change.
  std::vector<Message> change(const Interface& before, const Interface& after);
  void keep(const Interface& before, const Interface& after);

 private:
  void add(const Element& interface);
  void add(const Interface& interface);

  std::set<std::string> macs_{};
  std::set<std::string> teamed_macs_{};
  std::set<std::string> aliases_{};
  std::set<std::string> targets_{};
  std::set<std::string> boot_orders_{};
  std::set<std::string> acpi_indexes_{};
  bool os_boot_ = false;
};

}  // namespace virt_iface
