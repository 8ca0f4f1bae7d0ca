// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "batch/mac_register.hpp"

namespace virt_iface {

/// A name that no two domains of a host should have.
struct HeldName {
  enum class Of { device, domain } of = Of::device;
  std::string name{};
  std::uint32_t position = 0;  ///< of the interface whose device it is, from 1
  bool made = false;           ///< it was not there before
};

/// The names of many domains, to find those that two of them would have.
class NameRegister {
 public:
  /// `domain` and `document` as MacRegister has them; `host`: where the domain is, as far as that is known.
  void add(const std::vector<HeldName>& names, std::string_view domain, std::uint32_t document,
           const std::string& host);

  struct Shared {
    std::string what{};  ///< `device name web1-1`
    std::vector<MacRegister::Holder> holders{};
  };
  /// The names that more than one domain has, and one of them only now; ascending.
  std::vector<Shared> shared() const;

 private:
  struct Holders {
    std::vector<std::pair<std::size_t, MacRegister::Holder>> all{};  // one of each domain, by its hash
    bool made = false;
  };
  std::map<std::tuple<HeldName::Of, std::string, std::string>, Holders> names_{};
};

}  // namespace virt_iface
