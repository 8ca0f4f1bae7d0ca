// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/new_mac.hpp"

#include <array>
#include <cstdio>
#include <random>

#include "xml/style.hpp"

namespace virt_iface {

std::string random_mac(std::set<std::string>& taken) {
  std::random_device source;
  while (true) {
    unsigned const bits = source();
    std::array<char, 18> text{};
    static_cast<void>(std::snprintf(text.data(), text.size(), "52:54:00:%02x:%02x:%02x", bits & 0xffU,
                                    bits >> 8U & 0xffU, bits >> 16U & 0xffU));
    if (taken.insert(text.data()).second) return text.data();
  }
}

Edit give_mac(const Document& document, const Element& interface, const std::string& mac) {
  Element const element{.name = "mac", .attributes = {{"address", mac}}};
  // What is made by us has children: it looks as the first of them does.
  std::size_t const first =
      interface.children.empty() ? interface.content_end : interface.children.front().begin;
  std::string const lead(document.text().substr(interface.tag_end, first - interface.tag_end));
  Style style;
  style.quote = quote_of(document, interface);
  return {interface.tag_end, interface.tag_end, lead + serialise(element, style)};
}

}  // namespace virt_iface
