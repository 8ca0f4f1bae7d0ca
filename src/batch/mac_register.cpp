// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/mac_register.hpp"

#include <algorithm>

#include "table/mac.hpp"

namespace virt_iface {

std::uint64_t mac_number(std::string_view text) {
  const std::optional<Mac> mac = Mac::parse(text);
  return mac ? mac->number() : 0;
}

void MacRegister::add(const std::vector<HeldMac>& macs, std::string_view domain, std::uint32_t document) {
  std::uint64_t const hash = std::hash<std::string_view>{}(domain);
  for (const HeldMac& held : macs)
    entries_.push_back({held.mac << 16U | (hash & 0xFFFFU), (hash & ~std::uint64_t{0xFFFFFFFF}) | document,
                        held.position, held.made});
  if (entries_.size() < sort_at_) return;
  sort();
  sort_at_ = std::max(sort_at_, 2 * entries_.size());
}

/// Sorts, and forgets all but the first document of each domain.
void MacRegister::sort() {
  std::sort(entries_.begin(), entries_.end());
  auto const same = [](const Entry& a, const Entry& b) {
    return a.mac_and_domain == b.mac_and_domain &&
           a.domain_and_document >> 32U == b.domain_and_document >> 32U;
  };
  entries_.erase(std::unique(entries_.begin(), entries_.end(), same), entries_.end());
}

std::vector<MacRegister::Shared> MacRegister::shared() {
  sort();
  std::vector<Shared> result;
  for (auto begin = entries_.begin(); begin != entries_.end();) {
    std::uint64_t const mac = begin->mac_and_domain >> 16U;
    auto const end =
        std::find_if(begin, entries_.end(), [&](const Entry& e) { return e.mac_and_domain >> 16U != mac; });
    if (end - begin > 1) {
      Shared one{.mac = Mac(mac).text()};
      for (; begin != end; ++begin) {
        one.holders.push_back({static_cast<std::uint32_t>(begin->domain_and_document), begin->position});
        one.made = one.made || begin->made;
      }
      std::sort(one.holders.begin(), one.holders.end());
      result.push_back(std::move(one));
    }
    begin = end;
  }
  return result;
}

}  // namespace virt_iface
