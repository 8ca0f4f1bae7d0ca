// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
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

  std::size_t holders_of_mac(const std::string& mac) const { return macs_.count(mac); }

  /// The faults of one more interface: a MAC twice (unless both carry teaming), an alias, target name, boot
  /// order, ACPI index or interfaceid twice, a boot order beside <os><boot>. Then its values count as taken
  /// too.
  std::vector<Message> take(const Interface& interface);

  /// The same of what is changed in an interface: faults that it had before are left. First comes release(),
  /// by which it holds no more than what stays as it is; of interfaces that change at once, for each of them.
  std::vector<Message> change(const Interface& before, const Interface& after);
  void release(const Interface& before, const Interface& after);

 private:
  void add(const Element& interface);
  void add(const Interface& interface);
  void remove(const Interface& interface);

  using Values = std::multiset<std::string>;  // a document may hold one twice
  Values macs_{};
  Values teamed_macs_{};
  std::array<Values, 5> values_{};  // as unique.cpp has them
  bool os_boot_ = false;
};

}  // namespace virt_iface
