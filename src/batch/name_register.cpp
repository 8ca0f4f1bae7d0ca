// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/name_register.hpp"

#include <algorithm>
#include <functional>

namespace virt_iface {

void NameRegister::add(const std::vector<HeldName>& names, std::string_view domain, std::uint32_t document,
                       const std::string& host) {
  std::size_t const hash = std::hash<std::string_view>{}(domain);
  for (const HeldName& held : names) {
    Holders& holders = names_[{held.of, host, held.name}];
    holders.made = holders.made || held.made;
    if (std::ranges::find(holders.all, hash, [](const auto& one) { return one.first; }) == holders.all.end())
      holders.all.push_back({hash, {document, held.position}});
  }
}

std::vector<NameRegister::Shared> NameRegister::shared() const {
  std::vector<Shared> result;
  for (const auto& [key, holders] : names_) {
    if (holders.all.size() < 2 || !holders.made) continue;
    const auto& [of, host, name] = key;
    Shared& one = result.emplace_back(
        Shared{.what = (of == HeldName::Of::device ? "device name " : "domain name ") + name});
    for (const auto& [hash, holder] : holders.all) one.holders.push_back(holder);
    std::ranges::sort(one.holders);
  }
  return result;
}

}  // namespace virt_iface
