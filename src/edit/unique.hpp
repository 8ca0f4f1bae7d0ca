// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// Whether an interface states a value that no two devices of a domain may share.
bool may_clash(const Interface& interface);

/// Values that no two devices of a domain may share, as they are taken one after the other.
class Taken {
 public:
  /// What the document's interfaces (but those at the indexes `except`) and other devices hold.
  explicit Taken(const Document& document, const std::set<std::size_t>& except = {});

  /// Whether an interface has that value of a key that is unique.
  bool holds(std::string_view key, const std::string& value) const;
  std::size_t holders_of_mac(const std::string& mac) const;

  /// The faults of one more interface: a value of a key that is unique (a MAC unless both carry teaming) or a
  /// device address twice, a boot order beside <os><boot>. Then its values count as taken too.
  std::vector<Message> take(const Interface& interface);

  /// The same of what is changed in an interface: faults that it had before are left. First comes release(),
  /// by which it holds no more than what stays as it is; of interfaces that change at once, for each of them.
  std::vector<Message> change(const Interface& before, const Interface& after);
  void release(const Interface& before, const Interface& after);

 private:
  void add(const Element& interface);
  void add(const Interface& interface);
  void remove(const Interface& interface);
  void add_addresses_of_others();

  const Document& document_;
  /// By key, addresses by what they are called; a document may hold one twice.
  std::multiset<std::pair<std::string_view, std::string>> values_{};
  std::multiset<std::string> teamed_macs_{};
  bool knows_others_ = false;  // the addresses of other devices
};

}  // namespace virt_iface
