// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// A MAC in a domain.
struct HeldMac {
  std::uint64_t mac = 0;
  std::uint32_t position = 0;  ///< of the interface, from 1
  bool made = false;           ///< it was not there before
};

/// The MACs of many domains, to find those that two of them have. Twenty-four bytes a MAC.
class MacRegister {
 public:
  /// `domain` tells domains apart (name and UUID): the same one may come more than once. `document` is a
  /// number that the caller finds the document by.
  void add(const std::vector<HeldMac>& macs, std::string_view domain, std::uint32_t document);

  struct Holder {
    std::uint32_t document = 0;
    std::uint32_t position = 0;
    auto operator<=>(const Holder&) const = default;
  };
  struct Shared {
    std::string mac{};
    std::vector<Holder> holders{};  ///< one of each domain, ascending
    bool made = false;              ///< one of them has it only now
  };
  /// The MACs that more than one domain has, ascending.
  std::vector<Shared> shared();

 private:
  void sort();

  struct Entry {
    std::uint64_t mac_and_domain;       // the MAC's 48 bits before 16 of the domain's hash
    std::uint64_t domain_and_document;  // 32 more bits of that hash before the document
    std::uint32_t position;
    bool made;
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<Entry> entries_{};
  std::size_t sort_at_ = 4096;
};

/// A MAC as a number; 0 for text that is none.
std::uint64_t mac_number(std::string_view text);

}  // namespace virt_iface
