// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/changed.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "spec/values.hpp"

namespace virt_iface {

namespace {

constexpr std::array<std::string_view, 3> isolating{"vlan", "port.isolated", "filterref"};

/// `vlan` is a family of vlan.tag, vlan.trunk, …
bool is_of(std::string_view key, std::string_view family) {
  return key == family || (key.starts_with(family) && key.substr(family.size()).starts_with('.'));
}

/// Which of these a setting belongs to; empty: it does not isolate.
std::string_view isolates(const Setting& setting) {
  const bool off = setting.key == "port.isolated" && setting.value == "no";
  const auto* const found =
      std::ranges::find_if(isolating, [&](std::string_view name) { return is_of(setting.key, name); });
  return off || found == isolating.end() ? std::string_view{} : *found;
}

class Changing {
 public:
  Changing(const Interface& before, const std::vector<Setting>& asked, const std::vector<std::string>& drop,
           const std::string& what)
      : before_(before), asked_(asked), drop_(drop), what_(what), after_(before) {}

  Changed run() {
    set_all();
    const bool retyped = differs("type");
    if (retyped && !is_asked("source"))
      throw Error(Exit::invalid, before_.place, what_ + ": another type has another source",
                  "say source= too");
    if (retyped) {
      drop_foreign_keys();
      drop_floor();
    }
    const bool moved = retyped || differs("source");
    if (moved && !differs("target.dev") && is_automatic_target(after_.get("target.dev")))
      after_.erase("target.dev");
    if (retyped || differs("mode")) drop_vlan();
    return {std::move(after_), std::move(warnings_)};
  }

 private:
  bool differs(std::string_view key) const { return after_.get(key) != before_.get(key); }
  bool is_asked(std::string_view key) const {
    return std::ranges::find(asked_, key, &Setting::key) != asked_.end();
  }
  std::string type() const { return std::string(after_.get("type")); }
  const Place& place_of(const Setting& setting) const {
    return setting.place.file.empty() ? before_.place : setting.place;
  }

  void set_all() {
    for (const Setting& setting : asked_) {
      if (setting.value.empty())
        after_.erase(setting.key);
      else if (!equal_values(setting.key, after_.get(setting.key),
                             setting.value))  // 0x5 stays as it is spelled
        after_.set(setting.key, setting.value, setting.place);
    }
  }

  void warn(const Place& place, const std::string& lost, const std::string& carrier) {
    warnings_.push_back({.severity = Severity::warning,
                         .place = place,
                         .text = what_ + " loses " + lost + ", which " + carrier + " cannot carry"});
  }

  /// Throws for what isolates the guest and is not to be dropped.
  void require_droppable(const Setting& setting, const std::string& carrier,
                         const std::string& advice) const {
    const std::string group(isolates(setting));
    const auto names = [&](const std::string& word) { return is_of(setting.key, word); };
    if (group.empty() || std::ranges::any_of(drop_, names)) return;
    throw Error(Exit::invalid, place_of(setting),
                what_ + " would lose " + setting.key + " = " + setting.value + " on " + carrier,
                advice + "; if it may go, say --drop " + group);
  }

  /// Takes away what belongs to the old type and cannot be on the new one.
  void drop_foreign_keys() {
    const std::vector<Setting> settings = after_.settings;
    for (const Setting& setting : settings) {
      const Key* key = find_key(setting.key);
      const bool port = setting.key.starts_with("virtualport.");
      const bool fits = key == nullptr || (!port && (key->types & type_bit(type())) != 0);
      if (fits || is_asked(setting.key)) continue;
      require_droppable(setting, "type " + type(), "it isolates the guest");
      after_.erase(setting.key);
      // What only says how the old type was plugged in is nobody's loss; private kept the guest from its
      // neighbours.
      const bool plugging = (setting.key == "mode" && setting.value != "private") ||
                            (setting.key == "virtualport.type" && before_.get("type") == "ovs");
      if (!plugging) warn(place_of(setting), setting.key + " = " + setting.value, "type " + type());
    }
  }

  /// Only a network has a floor under its bandwidth.
  void drop_floor() {
    constexpr const char* key = "bandwidth.inbound";
    const Setting* const setting = after_.find(key);
    if (setting == nullptr || type() == "network" || is_asked(key)) return;
    const Setting was = *setting;
    const std::size_t floor = was.value.find("floor=");
    if (floor == std::string::npos) return;
    if (floor == 0)
      after_.erase(key);
    else
      after_.set(key, was.value.substr(0, floor - 1), was.place);
    warn(place_of(was), "the " + was.value.substr(floor) + " of " + key, "type " + type());
  }

  /// A VLAN on macvtap is carried by mode passthrough alone.
  void drop_vlan() {
    const std::string mode(after_.get("mode"));
    if (type() != "macvtap" || mode == "passthrough") return;
    const std::vector<Setting> settings = after_.settings;
    for (const Setting& setting : settings) {
      if (!is_of(setting.key, "vlan")) continue;
      require_droppable(setting, "type macvtap, mode " + mode, "mode passthrough carries a VLAN");
      after_.erase(setting.key);
      warn(place_of(setting), setting.key + " = " + setting.value, "mode " + mode);
    }
  }

  const Interface& before_;
  const std::vector<Setting>& asked_;
  const std::vector<std::string>& drop_;
  const std::string& what_;
  Interface after_;
  std::vector<Message> warnings_{};
};

}  // namespace

std::span<const std::string_view> isolating_keys() {
  return isolating;
}

void require_isolating(const std::vector<std::string>& drop) {
  for (const std::string& name : drop) {
    const bool known = std::ranges::any_of(isolating, [&](std::string_view family) {
      return name == family || (find_key(name) != nullptr && is_of(name, family));
    });
    if (known) continue;
    std::string cure = did_you_mean(name, isolating);
    throw Error(Exit::usage, "--drop " + name + ": this does not isolate a guest",
                cure.empty() ? "vlan, port.isolated and filterref do; anything else goes by itself" : cure);
  }
}

Changed with_changes(const Interface& before, const std::vector<Setting>& settings,
                     const std::vector<std::string>& drop, const std::string& what) {
  return Changing(before, settings, drop, what).run();
}

}  // namespace virt_iface
