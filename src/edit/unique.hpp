// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "edit/plan.hpp"
#include "table/interface.hpp"
#include "xml/document.hpp"

namespace virt_iface {

/// Whether an interface states a value that no two devices of a domain may share.
bool may_clash(const Interface& interface);

/// Values that no two devices of a domain may share, as they are taken one after the other.
class Taken {
 public:
  /// What the document's interfaces (but those at the indexes `except`) and other devices hold. `first`: the
  /// plan of the guest's other description, where that was made before.
  explicit Taken(const Document& document, const std::set<std::size_t>& except = {},
                 const Plan* first = nullptr);

  /// Whether an interface has that value of a key that is unique.
  bool holds(std::string_view key, const std::string& value) const;
  /// Whether a new interface can have it in both descriptions of the guest. `same` is what it has in the
  /// other.
  bool is_free(std::string_view key, const std::string& value, const std::string& same = {}) const;

  /// The faults of one more interface: a value of a key that is unique (a MAC unless both carry teaming), a
  /// device of the host or a device address twice, a boot order beside <os><boot>. Then its values count as
  /// taken too.
  std::vector<Message> take(const Interface& interface);

  /// The same of what is changed in an interface: faults that it had before are left. First comes release(),
  /// by which it holds no more than what stays as it is; of interfaces that change at once, for each of them.
  std::vector<Message> change(const Interface& before, const Interface& after);
  void release(const Interface& before, const Interface& after);

 private:
  void add(const Element& interface);
  void add(const Interface& interface);
  void remove(const Interface& interface);
  void add_other_devices();
  void add_elsewhere(const std::string& holder, const std::string& mac, const std::string& device);

  const Document& document_;
  /// By key, addresses by what they are called; a document may hold one twice.
  std::multiset<std::pair<std::string_view, std::string>> values_{};
  std::multiset<std::string> teamed_macs_{};
  /// MACs and devices of the guest's other description: nothing that is made here is to be another's there.
  struct Elsewhere {
    std::string holder{};  // its MAC here, or empty
    std::string_view key{};
    std::string value{};
  };
  std::vector<Elsewhere> elsewhere_{};
  bool knows_others_ = false;  // the other devices
};

}  // namespace virt_iface
