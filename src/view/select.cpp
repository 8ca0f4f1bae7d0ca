// SPDX-License-Identifier: LGPL-2.1-or-later
#include "view/select.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "base/commas.hpp"
#include "base/pattern.hpp"
#include "base/text.hpp"
#include "table/mac.hpp"
#include "table/pci.hpp"
#include "table/short_key.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

using Positions = std::vector<std::size_t>;
using Conditions = std::vector<Condition>;

// --- reading conditions ---

/// Words that are short for a key, or for any tag of a VLAN.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> short_words{
    {{"alias", "alias.name"}, {"target", "target.dev"}, {"vlan", "vlan"}}};

/// The canonical key of a condition; empty for an unknown word.
std::string key_of(std::string_view word) {
  const auto found = std::ranges::find(short_words, word, [](const auto& pair) { return pair.first; });
  if (found != short_words.end()) return std::string(found->second);
  const Key* key = find_key(word);
  if (key == nullptr) key = find_seen(word);
  if (key == nullptr) return std::string(family_of(word).empty() ? "" : word);
  return canonical_key(*key, word);
}

/// Whether it is the front of several keys, and none itself: `virtualport`.
bool is_family(std::string_view word) {
  return find_key(word) == nullptr && !family_of(word).empty();
}

std::string near_miss(std::string_view word) {
  std::string hint = suggest_key(word);
  constexpr std::array<std::string_view, 3> words{"alias", "target", "vlan"};
  return hint.empty() ? did_you_mean(word, words) : hint;
}

bool continues_bandwidth(const Conditions& conditions, std::string_view name) {
  const Key* key = conditions.empty() ? nullptr : find_key(conditions.back().key);
  return key != nullptr && key->kind == Kind::bandwidth &&
         (name == "floor" || name == "peak" || name == "burst");
}

/// As a listing has it, of a pattern a MAC alone: a MAC in lower case, `macvtap` for `direct`.
std::string normal_value(const std::string& key, const std::string& value) {
  const Key* row = find_key(key == "vlan" ? "vlan.tag" : key);
  if (row == nullptr || value.empty()) return value;
  if (is_pattern(value)) return row->kind == Kind::mac ? lower(value) : value;
  Verdict verdict = judge(*row, key, value);
  const bool is_strict = (row->kind == Kind::word && key != "type") || is_short(*row);
  if (is_strict && !verdict.fault.empty())
    throw Error(Exit::usage, std::move(verdict.fault), std::move(verdict.hint));
  return verdict.fault.empty() ? verdict.value : value;
}

Conditions parse_conditions(const std::string& text) {
  Conditions conditions;
  for (const std::string& part : split_at_commas(text)) {
    std::size_t const equals = part.find('=');
    std::string const name(trim(std::string_view(part).substr(0, equals)));
    if (!conditions.empty() && (equals == part.npos || continues_bandwidth(conditions, name))) {
      conditions.back().value.append(",").append(trim(part));
      continue;
    }
    if (equals == part.npos || name.empty())
      throw Error(Exit::usage, "the condition '" + part + "' is not KEY=VALUE",
                  "write " + (Mac::parse(part) ? "mac=" + part : "source=br0") + ", for example");
    std::string const key = key_of(name);
    std::string value(trim(std::string_view(part).substr(equals + 1)));
    if (key.empty() || (is_family(key) && key != "vlan" && !value.empty() && value != "*"))
      throw Error(Exit::usage, "unknown key '" + name + "' in the condition '" + text + "'", near_miss(name));
    conditions.push_back({key, std::move(value)});
  }
  for (Condition& condition : conditions) condition.value = normal_value(condition.key, condition.value);
  return conditions;
}

// --- meeting them ---

/// Whether a value fits the pattern, as it stands or as libvirt reads it.
bool means(std::string_view key, std::string_view there, std::string_view wanted) {
  return fits_pattern(there, wanted) || fits_pattern(normalised(key, there), wanted) ||
         (!is_pattern(wanted) && equal_values(key, there, wanted)) ||
         (key == "source" && !there.empty() && pci_address(wanted) == there);
}

/// Every tag of the list is among those of the interface: alone, or in its trunk.
bool has_tags(std::string_view tags, std::string_view wanted) {
  if (wanted.empty() || tags.empty()) return wanted.empty() && tags.empty();
  std::vector<std::string> const there = split_at_commas(tags);
  return std::ranges::all_of(split_at_commas(wanted), [&](const std::string& one) {
    return std::ranges::any_of(there, [&](const std::string& tag) { return means("vlan.tag", tag, one); });
  });
}

bool states_any_of(const Interface& interface, std::string_view family) {
  return std::ranges::any_of(interface.settings,
                             [&](const Setting& setting) { return is_of(setting.key, family); });
}

/// Whether the keys that `key` is short for say the same; a PCI address by a pattern, too.
bool meets_short(const Interface& interface, const Key& key, const std::string& value) {
  const bool stated = states_any_of(interface, key.name);
  if (value.empty() || value == "*" || !stated) return value.empty() != stated;
  const bool is_address = key.kind == Kind::pci_address;
  const auto part = [&](const std::string& name) {
    const std::string_view there = interface.get(name);
    return there.empty() && is_address ? std::string_view("0") : there;  // as libvirt reads it
  };
  if (is_address && is_pattern(value))
    return interface.get("address.type") == "pci" &&
           fits_pattern(pci_address(part("address.domain"), part("address.bus"), part("address.slot"),
                                    part("address.function")),
                        value);
  return std::ranges::all_of(written_out(key, value), [&](const Setting& wanted) {
    return equal_values(wanted.key, part(wanted.key), wanted.value);
  });
}

bool meets(const Interface& interface, const Condition& condition) {
  if (condition.key == "vlan") return has_tags(interface.get("vlan.tag"), condition.value);
  if (const Key* key = find_key(condition.key); key != nullptr && is_short(*key))
    return meets_short(interface, *key, condition.value);
  if (is_family(condition.key)) return condition.value.empty() != states_any_of(interface, condition.key);
  const std::string_view there = interface.get(condition.key);
  return there.empty() ? condition.value.empty() : means(condition.key, there, condition.value);
}

// --- choosing ---

Positions everything(std::size_t count) {
  Positions positions(count);
  for (std::size_t i = 0; i < count; ++i) positions[i] = i + 1;
  return positions;
}

std::string described(std::size_t position, const Interface& interface) {
  std::string text = "interface " + std::to_string(position) + " (";
  text.append(interface.get("type"));
  if (interface.find("source") != nullptr) text.append(" on ").append(interface.get("source"));
  text += ')';
  if (interface.find("mac") != nullptr) text.append(" ").append(interface.get("mac"));
  return text;
}

/// `interface 1 (macvtap on eth0) 52:54:00:…; …` of those positions.
std::string list_of(const Candidates& candidates, const Positions& positions) {
  constexpr std::size_t most = 20;
  std::string text;
  for (std::size_t i = 0; i < positions.size() && i < most; ++i)
    text.append(text.empty() ? "" : "; ").append(described(positions[i], candidates.interface(positions[i])));
  if (positions.size() > most) text += "; and " + std::to_string(positions.size() - most) + " more";
  return text;
}

[[noreturn]] void refuse(const Candidates& candidates, const std::string& text, const Positions& positions,
                         std::string_view id) {
  throw Error(Exit::invalid, Message{.place = candidates.place(),
                                     .text = text,
                                     .hint = positions.empty() ? candidates.none
                                                               : "there is " + list_of(candidates, positions),
                                     .id = id});
}

Positions matching(const Candidates& candidates, const Selector& selector) {
  if (selector.by == Selector::By::all) return everything(candidates.count);
  Positions found;
  if (selector.by == Selector::By::position) {
    long const count = static_cast<long>(candidates.count);
    long const position = selector.position > 0 ? selector.position : count + 1 + selector.position;
    if (position >= 1 && position <= count) found.push_back(static_cast<std::size_t>(position));
    return found;
  }
  for (std::size_t i = 1; i <= candidates.count; ++i)
    if (meets(candidates.interface(i), selector)) found.push_back(i);
  return found;
}

Selector by_conditions(Selector::By by, std::vector<std::string> texts) {
  Selector selector{.by = by, .words = std::move(texts)};
  for (const std::string& text : selector.words) selector.any_of.push_back(parse_conditions(text));
  selector.met = std::make_shared<std::vector<std::atomic<bool>>>(selector.words.size());
  return selector;
}

}  // namespace

bool meets(const Interface& interface, const Selector& selector) {
  bool met = false;
  for (std::size_t i = 0; i < selector.any_of.size(); ++i)
    if (std::ranges::all_of(selector.any_of[i], [&](const Condition& c) { return meets(interface, c); })) {
      met = true;
      (*selector.met)[i] = true;
    }
  return met;
}

Selector parse_selector(const std::string& word) {
  if (word == "all") return {.words = {word}};
  if (std::optional<Mac> const mac = Mac::parse(word)) {
    Selector selector = by_conditions(Selector::By::conditions, {"mac=" + mac->text()});
    selector.words = {word};
    return selector;
  }
  Selector selector{.by = Selector::By::position, .words = {word}};
  auto const [end, error] = std::from_chars(word.data(), word.data() + word.size(), selector.position);
  if (error == std::errc() && end == word.data() + word.size() && selector.position != 0) return selector;
  if (word.find('=') != word.npos) return by_conditions(Selector::By::conditions, {word});
  throw Error(Exit::usage, "'" + word + "' does not name an interface",
              "an interface is named by its MAC, its position (1, -1), a condition as source=br0, or all");
}

Selector parse_where(const std::vector<std::string>& texts) {
  return by_conditions(Selector::By::where, texts);
}

std::vector<Message> unmet(const Selector& selector) {
  std::vector<Message> messages;
  if (selector.by != Selector::By::where) return messages;
  for (std::size_t i = 0; i < selector.words.size(); ++i)
    if (!(*selector.met)[i])
      messages.push_back(
          {.severity = Severity::warning, .text = "no interface matches --where " + selector.words[i]});
  return messages;
}

std::vector<std::size_t> select(const Candidates& candidates, const Selector& selector) {
  Positions found = matching(candidates, selector);
  if (selector.by == Selector::By::all || selector.by == Selector::By::where || found.size() == 1)
    return found;
  const std::string& word = selector.words.front();
  if (found.empty())
    refuse(candidates, "no interface matches '" + word + "'", everything(candidates.count),
           "no-such-interface");
  refuse(candidates, "'" + word + "' is " + std::to_string(found.size()) + " interfaces, one is meant", found,
         "several-interfaces");
}

namespace {

/// A position must be the same interface in both domains of a snapshot: the two of a team share their MAC.
void require_same_place(const std::vector<Element>& here, const std::vector<Element>& there,
                        const Selector& selector, const Place& place) {
  const auto named_at = [&](const std::vector<Element>& all) {
    const long count = static_cast<long>(all.size());
    const long at = selector.position > 0 ? selector.position : count + 1 + selector.position;
    if (at < 1 || at > count) return std::pair<std::string, std::string>();
    const Element& interface = all[static_cast<std::size_t>(at - 1)];
    return std::pair(mac_of(interface), std::string(interface.at("teaming/@type")));
  };
  const auto one = named_at(here);
  const auto other = named_at(there);
  const auto once = [&](const std::string& mac) {
    return std::ranges::count(here, mac, mac_of) == 1 && std::ranges::count(there, mac, mac_of) == 1;
  };
  if (one == other || (one.first == other.first && once(one.first))) return;
  std::string hint;
  for (const auto& [mac, team] : {one, other})
    if (!mac.empty()) {
      hint += (hint.empty() ? "say " : " or ") + (once(mac) ? mac : "--where mac=" + mac);
      if (!once(mac) && !team.empty()) hint += ",teaming.type=" + team;
    }
  throw Error(Exit::invalid, place,
              "interface " + selector.words.front() + " is another one in <domain> than in <inactiveDomain>",
              hint + " in its place");
}

}  // namespace

std::vector<std::size_t> select(const Document& document, const Selector& selector) {
  const auto place = [&] {
    return document.place(document.domain.devices ? document.domain.devices->begin
                                                  : document.domain.element.begin);
  };
  const std::vector<Element>& interfaces = document.domain.interfaces;
  if (selector.by == Selector::By::position && document.inactive_domain)
    require_same_place(interfaces, document.inactive_domain->interfaces, selector, place());
  return select({.count = interfaces.size(),
                 .interface = [&](std::size_t at) { return read_listed(interfaces[at - 1]); },
                 .place = place,
                 .none = "the domain has no interface"},
                selector);
}

}  // namespace virt_iface
