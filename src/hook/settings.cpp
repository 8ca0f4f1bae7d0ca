// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/settings.hpp"

#include <fnmatch.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <span>
#include <utility>

#include "base/commas.hpp"
#include "base/text.hpp"
#include "spec/sections.hpp"
#include "table/meaning.hpp"

namespace virt_iface::hook {
namespace {

constexpr std::string_view of_guest = "guest.";
constexpr std::string_view of_retarget = "retarget.";
constexpr std::array<std::string_view, 3> check_words{"off", "warn", "require"};
constexpr std::array<std::string_view, 2> truth_words{"no", "yes"};

const SpecRules& rules() {
  static const SpecRules ours{.other_sections = {"hook", of_retarget, of_guest, "map."}};
  return ours;
}

/// `*` and `?` as in a shell, and nothing else of it.
bool fits_guest(const std::string& pattern, const std::string& guest) {
  std::string text;
  for (char c : pattern) text.append(c == '[' ? "\\[" : std::string(1, c));
  return ::fnmatch(text.c_str(), guest.c_str(), 0) == 0;
}

/// Reads the entries of `[hook]` or `[guest.NAME]` into settings; the place of each fault is remembered.
class SwitchReader {
 public:
  SwitchReader(const Conf& conf, Settings& into, std::vector<Message>& messages)
      : conf_(conf), into_(into), messages_(messages) {}

  /// `limited` takes the numbers of [guest.NAME] interfaces.
  void read(const Section& section, std::optional<std::vector<std::uint64_t>>& limited,
            const std::string& guest) {
    bool const own = section.name.starts_with(of_guest);
    for (const Entry& entry : section.entries) {
      if (entry.key == "interfaces" && own)
        limited = numbers(entry);
      else if (entry.key == "exempt" && own)
        into_.exempt = choice(entry, truth_words) == 1;
      else if (entry.key == "guests" && !own)
        limit_guests(entry, guest);
      else
        read_switch(entry, section);
    }
  }

 private:
  void limit_guests(const Entry& entry, const std::string& guest) {
    into_.guests = join(entry.items, ", ");
    auto const found = std::ranges::find_if(
        entry.items, [&](const std::string& pattern) { return fits_guest(pattern, guest); });
    into_.exempt = found == entry.items.end();
    if (!into_.exempt) into_.pattern = *found;
    if (entry.items.empty())
      warn(entry, "guests names nobody, so that the hook leaves every guest alone",
           "remove the line for all guests, or name some");
    for (const std::string& item : entry.items) {
      if (item.find('/') != std::string::npos || trim(item).empty())
        warn(entry, "no guest can be named '" + item + "'", "name guests as virsh list --all does");
      else if (item.find_first_of(" \t") != std::string::npos)
        warn(entry, "'" + item + "' is one name with white space in it", "put commas between names");
    }
  }

  void warn(const Entry& entry, std::string text, std::string hint) {
    into_.warnings.push_back(
        {Severity::warning, conf_.place(entry.value_begin), std::move(text), std::move(hint)});
  }

  void read_switch(const Entry& entry, const Section& section) {
    if (entry.key == "check")
      into_.check = static_cast<Check>(choice(entry, check_words));
    else if (entry.key == "bring_up")
      into_.bring_up = choice(entry, truth_words) == 1;
    else if (entry.key == "create_ovs_bridges")
      into_.create_ovs_bridges = choice(entry, truth_words) == 1;
    else if (entry.key == "drop")
      into_.drop = drops(entry);
    else if (entry.key == "libvirt")
      into_.libvirt = version(entry);
    else if (entry.key == "inject")
      into_.inject = static_cast<Inject>(choice(entry, inject_words));
    else if (entry.key == "inject_timeout")
      into_.inject_timeout = timeout(entry);
    else if (entry.key == "connect")
      into_.connect = entry.value;
    else
      unknown(entry, section);
  }

  void fault(std::size_t offset, std::string text, std::string hint) {
    messages_.push_back({Severity::error, conf_.place(offset), std::move(text), std::move(hint)});
  }

  std::size_t choice(const Entry& entry, std::span<const std::string_view> words) {
    auto const found = std::ranges::find(words, std::string_view(entry.value));
    if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
    std::string list;
    for (std::string_view word : words) list.append(list.empty() ? "" : ", ").append(word);
    fault(entry.value_begin, entry.key + " '" + entry.value + "' is not one of " + list,
          did_you_mean(entry.value, words));
    return 0;
  }

  std::vector<std::string> drops(const Entry& entry) {
    for (const std::string& item : entry.items)
      if (!names_isolating(item)) {
        const std::vector<std::string> list(isolating_words().begin(), isolating_words().end());
        fault(entry.value_begin, "drop '" + item + "' is not one of " + join(list, ", "),
              did_you_mean(item, isolating_words()));
      }
    return entry.items;
  }

  Libvirt version(const Entry& entry) {
    const std::optional<Libvirt> read = parse_libvirt(entry.value);
    if (!read)
      fault(entry.value_begin, "libvirt '" + entry.value + "' is not a version", "write 9.0 or 11.3.0");
    return read.value_or(0);
  }

  std::chrono::seconds timeout(const Entry& entry) {
    if (auto const seconds = seconds_of(entry.value)) return *seconds;
    fault(entry.value_begin, "inject_timeout '" + entry.value + "' is not a number of seconds",
          "write 1 to 3600");
    return std::chrono::seconds(60);
  }

  std::vector<std::uint64_t> numbers(const Entry& entry) {
    std::vector<std::uint64_t> found;
    for (const std::string& item : entry.items) {
      auto const number = to_number(item);
      if (number && std::ranges::any_of(conf_.sections, [&](const Section& section) {
            SectionMeaning const meaning = meaning_of(section.name, rules().other_sections);
            return meaning.kind == SectionKind::interface && meaning.number == *number;
          }))
        found.push_back(*number);
      else
        fault(entry.value_begin, "there is no [interfaces." + item + "]",
              "list numbers of sections of this file");
    }
    return found;
  }

  void unknown(const Entry& entry, const Section& section) {
    std::vector<std::string_view> words{"check",   "bring_up", "create_ovs_bridges", "drop",
                                        "libvirt", "inject",   "inject_timeout",     "connect"};
    if (section.name == "hook")
      words.emplace_back("guests");
    else
      words.insert(words.end(), {"exempt", "interfaces"});
    fault(entry.key_begin, "unknown key '" + entry.key + "' in [" + section.name + "]",
          did_you_mean(entry.key, words));
  }

  const Conf& conf_;
  Settings& into_;
  std::vector<Message>& messages_;
};

class SettingsReader {
 public:
  SettingsReader(const Conf& conf, const std::string& guest) : conf_(conf), guest_(guest) {}

  Settings read() {
    Spec spec = spec_of_file();
    typed_first(spec.retarget);
    read_switches();
    ConditionMaps maps = read_condition_maps(conf_);
    std::ranges::move(maps.faults, std::back_inserter(messages_));
    settings_.condition_maps = std::move(maps.maps);
    if (!messages_.empty()) {
      std::ranges::stable_sort(messages_, {}, [](const Message& m) { return m.place.line; });
      throw Error(Exit::invalid, std::move(messages_));
    }
    settings_.maps = std::move(own_maps_);
    settings_.maps.insert(settings_.maps.end(), spec.retarget.begin(), spec.retarget.end());
    for (const Interface& interface : wanted(spec, {}, false)) add(interface);
    if (settings_.inject != Inject::off) warn_of_circles();
    return std::move(settings_);
  }

 private:
  Spec spec_of_file() {
    try {
      return read_spec(conf_, rules());
    } catch (const Error& error) {
      messages_ = error.messages();
      return {};
    }
  }

  void read_switches() {
    // The general section first, wherever it stands; the guest's own overrides it.
    for (const Section& section : conf_.sections)
      if (section.name == "hook") SwitchReader(conf_, settings_, messages_).read(section, limited_, guest_);
    for (const Section& section : conf_.sections) {
      if (section.name.starts_with(of_guest)) read_guest(section);
      if (section.name.starts_with(of_retarget)) {
        SourceMaps read = read_maps(conf_, section);
        std::ranges::move(read.faults, std::back_inserter(messages_));
        if (section.name.substr(of_retarget.size()) == guest_) own_maps_ = std::move(read.maps);
        typed_first(own_maps_);
      }
    }
  }

  void read_guest(const Section& section) {
    bool const ours = section.name.substr(of_guest.size()) == guest_;
    Settings aside;
    std::optional<std::vector<std::uint64_t>> ignored;
    SwitchReader(conf_, ours ? settings_ : aside, messages_).read(section, ours ? limited_ : ignored, guest_);
  }

  /// What is injected here and mapped away at each restore comes to lie where nobody asked for it.
  void warn_of_circles() {
    auto const warn = [&](const std::string& map, const Place& place, const PolicyInterface& one) {
      settings_.warnings.push_back(
          {Severity::warning, place, map + " leads away from what [" + one.heading + "] injects",
           "map to the sources of this host only: a guest that is restored here is mapped again"});
    };
    for (const PolicyInterface& one : settings_.interfaces) {
      for (const ConditionMap& map : settings_.condition_maps)
        if (meets(one.interface, map.where) && leads_away(map, one.interface))
          warn('[' + map.heading + ']', map.place, one);
      for (const SourceMap& map : settings_.maps)
        if (map.from == one.interface.get("source") &&
            (map.from_type.empty() || map.from_type == one.interface.get("type")))
          warn("the map '" + map_from(map) + " = " + map_to(map) + "'", map.place, one);
    }
  }

  static bool leads_away(const ConditionMap& map, const Interface& interface) {
    return std::ranges::any_of(map.settings, [&](const Setting& setting) {
      return (setting.key == "source" || setting.key == "type") &&
             setting.value != interface.get(setting.key);
    });
  }

  /// The number of the section; an interface knows its heading's line. Nothing: of `[main] networks`.
  std::optional<std::uint64_t> number_of(const Interface& interface) const {
    for (const Section& section : conf_.sections) {
      SectionMeaning const meaning = meaning_of(section.name, rules().other_sections);
      if (meaning.kind == SectionKind::interface && conf_.place(section.begin).line == interface.place.line)
        return meaning.number;
    }
    return std::nullopt;
  }

  void add(Interface interface) {
    std::optional<std::uint64_t> const number = number_of(interface);
    if (limited_ && (!number || std::ranges::find(*limited_, *number) == limited_->end())) return;
    if (interface.get("mac").empty()) interface.set("mac", "stable", interface.place);
    PolicyInterface one{.section = "network." + std::string(interface.get("source")), .heading = "main"};
    if (number) {
      one.section = std::to_string(*number);
      one.heading = "interfaces." + one.section;
      if (std::size_t const place = ++names_[*number]; place > 1) one.section += '.' + std::to_string(place);
    }
    one.interface = std::move(interface);
    settings_.interfaces.push_back(std::move(one));
  }

  const Conf& conf_;
  const std::string& guest_;
  Settings settings_{};
  std::vector<Message> messages_{};
  std::vector<SourceMap> own_maps_{};
  std::optional<std::vector<std::uint64_t>> limited_{};
  std::map<std::uint64_t, std::size_t> names_{};  ///< of a section, so far
};

}  // namespace

Settings read_settings(const std::string& text, const std::string& file, const std::string& guest) {
  Conf const conf = parse_conf(text, file);
  return SettingsReader(conf, guest).read();
}

namespace {

/// The first of a long list, and how many more there are.
std::string few_of(const std::string& guests) {
  std::vector<std::string> names = split_at_commas(guests);
  constexpr std::size_t most = 6;
  if (names.size() <= most) return guests;
  const std::size_t more = names.size() - most + 1;
  names.resize(most - 1);
  return join(names, ",") + " and " + std::to_string(more) + " more";
}

}  // namespace

std::string scope_of(const Settings& settings) {
  if (!settings.pattern.empty() && !settings.exempt)
    return "the guest matches '" + settings.pattern + "' of guests = " + few_of(*settings.guests);
  if (settings.guests && settings.pattern.empty())
    return "the guest matches none of guests = " + few_of(*settings.guests);
  return settings.exempt ? "the guest is exempt" : "the hook works on every guest";
}

Check check_before_fault(const std::string& text, const std::string& file, const std::string& guest,
                         std::size_t fault_line) {
  std::size_t end = 0;
  for (std::size_t line = 1; line < fault_line && end != std::string::npos; ++line) {
    end = text.find('\n', end);
    if (end != std::string::npos) ++end;
  }
  try {
    Conf const conf = parse_conf(text.substr(0, end), file);
    Settings settings;
    std::vector<Message> ignored;
    std::optional<std::vector<std::uint64_t>> unused;
    for (const std::string& name : {std::string("hook"), std::string(of_guest) + guest})
      for (const Section& section : conf.sections)
        if (section.name == name) SwitchReader(conf, settings, ignored).read(section, unused, guest);
    return settings.exempt ? Check::off : settings.check;
  } catch (const Error&) {
    return Check::off;
  }
}

}  // namespace virt_iface::hook
