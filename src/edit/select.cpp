// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/select.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"
#include "edit/plan.hpp"
#include "edit/types.hpp"
#include "spec/mac.hpp"

namespace virt_iface {
namespace {

struct Prefix {
  std::string_view name;
  Selector::By by;
};
constexpr std::array<Prefix, 4> prefixes{{{"alias", Selector::By::alias},
                                          {"target", Selector::By::target},
                                          {"source", Selector::By::source},
                                          {"type", Selector::By::type}}};
constexpr std::array<std::string_view, 4> prefix_names{"alias", "target", "source", "type"};

bool matches(const Element& interface, const Selector& selector) {
  switch (selector.by) {
    case Selector::By::mac:
      return mac_of(interface) == selector.value;
    case Selector::By::alias:
      return interface.at("alias/@name") == selector.value;
    case Selector::By::target:
      return interface.at("target/@dev") == selector.value;
    case Selector::By::source:
      return source_of(interface) == selector.value;
    case Selector::By::type:
      return type_of(interface) == selector.value;
    case Selector::By::all:
      return true;
    case Selector::By::position:
      break;
  }
  return false;
}

/// `interface 1 (macvtap on eth0) 52:54:00:…; …` of those positions, or of all.
std::string candidates(const Document& document, const std::vector<std::size_t>& positions) {
  constexpr std::size_t most = 20;
  std::string text;
  for (std::size_t i = 0; i < positions.size() && i < most; ++i) {
    const Element& interface = document.domain.interfaces[positions[i] - 1];
    text.append(text.empty() ? "" : "; ").append(describe(positions[i], interface));
    if (!mac_of(interface).empty()) text.append(" ").append(mac_of(interface));
  }
  if (positions.size() > most) text += "; and " + std::to_string(positions.size() - most) + " more";
  return text;
}

std::vector<std::size_t> everything(const Document& document) {
  std::vector<std::size_t> positions(document.domain.interfaces.size());
  for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i + 1;
  return positions;
}

[[noreturn]] void refuse(const Document& document, const std::string& text,
                         const std::vector<std::size_t>& positions, std::string_view id = {}) {
  std::size_t const place =
      document.domain.devices ? document.domain.devices->begin : document.domain.element.begin;
  throw Error(Exit::invalid,
              Message{.place = document.place(place),
                      .text = text,
                      .cure = positions.empty() ? "the domain has no interface"
                                                : "there is " + candidates(document, positions),
                      .id = id});
}

/// Throws when nothing matches, but for `all`.
std::vector<std::size_t> matching(const Document& document, const Selector& selector) {
  const auto& interfaces = document.domain.interfaces;
  std::vector<std::size_t> found;
  if (selector.by == Selector::By::position) {
    long const count = static_cast<long>(interfaces.size());
    long const position = selector.position > 0 ? selector.position : count + 1 + selector.position;
    if (position >= 1 && position <= count) found.push_back(static_cast<std::size_t>(position));
  } else {
    for (std::size_t i = 0; i < interfaces.size(); ++i)
      if (matches(interfaces[i], selector)) found.push_back(i + 1);
  }
  if (found.empty() && selector.by != Selector::By::all)
    refuse(document, "no interface is '" + selector.word + "'", everything(document), "no-such-interface");
  return found;
}

}  // namespace

Selector parse_selector(const std::string& word) {
  Selector selector{.word = word};
  if (word == "all") return selector;
  if (const std::optional<Mac> mac = Mac::parse(word)) {
    selector.by = Selector::By::mac;
    selector.value = mac->text();
    return selector;
  }
  auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), selector.position);
  if (error == std::errc() && end == word.data() + word.size() && selector.position != 0) {
    selector.by = Selector::By::position;
    return selector;
  }
  std::size_t const equals = word.find('=');
  std::string const name = word.substr(0, equals);
  for (const Prefix& prefix : prefixes)
    if (equals != word.npos && name == prefix.name) {
      selector.by = prefix.by;
      selector.value = word.substr(equals + 1);
      return selector;
    }
  std::string cure = equals == word.npos ? std::string() : did_you_mean(name, prefix_names);
  if (name == "mac") cure = "write the MAC alone";
  if (cure.empty())
    cure = "an interface is named by its MAC, its position (1, -1), alias=, target=, source=, type= or all";
  throw Error(Exit::usage, "'" + word + "' does not name an interface", cure);
}

std::vector<std::size_t> select(const Document& document, const Selector& selector) {
  std::vector<std::size_t> found = matching(document, selector);
  if (found.size() > 1 && selector.by != Selector::By::all)
    refuse(document,
           "'" + selector.word + "' is " + std::to_string(found.size()) + " interfaces, one is meant", found);
  return found;
}

}  // namespace virt_iface
