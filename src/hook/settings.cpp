// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/settings.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

#include "base/text.hpp"
#include "spec/meaning.hpp"
#include "spec/sections.hpp"

namespace virt_iface::hook {
namespace {

constexpr std::string_view of_guest = "guest.";
constexpr std::string_view of_retarget = "retarget.";
constexpr std::array<std::string_view, 3> check_words{"off", "warn", "require"};
constexpr std::array<std::string_view, 2> truth_words{"no", "yes"};

const SpecRules& rules() {
  static const SpecRules ours{.other_sections = {"hook", of_retarget, of_guest}};
  return ours;
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
        into_.exempt = std::ranges::find(entry.items, guest) == entry.items.end();
      else
        read_switch(entry, section);
    }
  }

 private:
  void read_switch(const Entry& entry, const Section& section) {
    if (entry.key == "check")
      into_.check = static_cast<Check>(choice(entry, check_words));
    else if (entry.key == "bring_up")
      into_.bring_up = choice(entry, truth_words) == 1;
    else if (entry.key == "create_ovs_bridges")
      into_.create_ovs_bridges = choice(entry, truth_words) == 1;
    else if (entry.key == "drop")
      into_.drop = drops(entry);
    else if (entry.key == "inject")
      into_.inject = static_cast<Inject>(choice(entry, inject_words));
    else if (entry.key == "inject_timeout")
      into_.inject_timeout = timeout(entry);
    else if (entry.key == "connect")
      into_.connect = entry.value;
    else
      unknown(entry, section);
  }

  void fault(std::size_t offset, std::string text, std::string cure) {
    messages_.push_back({Severity::error, conf_.place(offset), std::move(text), std::move(cure)});
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
    std::vector<std::string_view> words{"check",          "bring_up", "create_ovs_bridges", "drop", "inject",
                                        "inject_timeout", "connect"};
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
    if (!messages_.empty()) {
      std::ranges::stable_sort(messages_, {}, [](const Message& m) { return m.place.line; });
      throw Error(Exit::invalid, std::move(messages_));
    }
    settings_.maps = std::move(own_maps_);
    settings_.maps.insert(settings_.maps.end(), spec.retarget.begin(), spec.retarget.end());
    for (const Interface& interface : wanted(spec, {}, false))
      if (is_chosen(interface)) settings_.interfaces.push_back(with_mac(interface));
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

  /// The limit names sections; an interface knows its heading's line.
  bool is_chosen(const Interface& interface) const {
    if (!limited_) return true;
    for (const Section& section : conf_.sections) {
      SectionMeaning const meaning = meaning_of(section.name, rules().other_sections);
      if (meaning.kind == SectionKind::interface && conf_.place(section.begin).line == interface.place.line)
        return std::ranges::find(*limited_, meaning.number) != limited_->end();
    }
    return false;
  }

  static Interface with_mac(Interface interface) {
    if (interface.get("mac").empty()) interface.set("mac", "stable", interface.place);
    return interface;
  }

  const Conf& conf_;
  const std::string& guest_;
  Settings settings_{};
  std::vector<Message> messages_{};
  std::vector<SourceMap> own_maps_{};
  std::optional<std::vector<std::uint64_t>> limited_{};
};

}  // namespace

Settings read_settings(const std::string& text, const std::string& file, const std::string& guest) {
  Conf const conf = parse_conf(text, file);
  return SettingsReader(conf, guest).read();
}

std::optional<std::chrono::seconds> seconds_of(const std::string& word) {
  auto const number = to_number(word);
  if (!number || *number < 1 || *number > 3600) return std::nullopt;
  return std::chrono::seconds(*number);
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
