// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/changed.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "table/meaning.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

class Changing {
 public:
  Changing(const Interface& before, const std::vector<Setting>& asked, const Droppable& drop,
           const std::string& what)
      : before_(before), asked_(asked), drop_(drop), what_(what), after_(before) {}

  Changed run() {
    set_all();
    require_port_stays();
    const bool retyped = differs("type");
    // Who names a socket wants no passt behind it.
    if (retyped && after_.get("type") == "vhostuser" && is_asked("source") && !is_asked("backend.type"))
      after_.erase("backend.type");
    if (retyped) settle_source();
    require_source_stays(retyped);
    if (retyped) settle_port();
    if (retyped || differs("mode") || differs("model") || differs("virtualport.type"))
      drop_what_cannot_stay();
    if (retyped || differs("backend.type") || (is_asked("source.mode") && !after_.find("source.mode")))
      settle_plug();
    const bool moved = retyped || differs("source");
    if (moved && !differs("target.dev") && is_automatic_target(after_.get("target.dev")))
      after_.erase("target.dev");
    return {std::move(after_), std::move(warnings_)};
  }

 private:
  bool differs(std::string_view key) const { return after_.get(key) != before_.get(key); }
  bool is_asked(std::string_view key) const {
    return std::ranges::find(asked_, key, &Setting::key) != asked_.end();
  }
  const Place& place_of(const Setting& setting) const {
    return setting.place.file.empty() ? before_.place : setting.place;
  }

  void set_all() {
    for (const Setting& setting : asked_) {
      if (setting.key.ends_with('.'))
        std::erase_if(after_.settings, [&](const Setting& s) { return s.key.starts_with(setting.key); });
      else if (setting.value.empty())
        after_.erase(setting.key);
      else if (!equal_values(setting.key, after_.get(setting.key),
                             setting.value))  // 0x5 stays as it is spelled
        after_.set(setting.key, setting.value, setting.place);
    }
    for (const Setting& setting : asked_) drop_what_hangs_on(setting);
    // A trunk stays one when a single VLAN of it is left: without the word the guest's frames would go
    // untagged.
    if (is_trunk(before_) && !is_trunk(after_) && after_.find("vlan.tag") != nullptr &&
        !is_asked("vlan.trunk"))
      after_.set("vlan.trunk", "yes", before_.place);
  }

  /// What an element hangs on takes the rest of it along, where it goes or becomes of another kind (a ccw
  /// address in place of a pci one): all that was not asked for itself.
  void drop_what_hangs_on(const Setting& setting) {
    const Key* key = find_key(setting.key);
    const bool is_list = key != nullptr && key->kind == Kind::numbers;
    if (key == nullptr || !(key->means(meaning::anchor) || is_list)) return;
    if (!setting.value.empty() && (key->kind != Kind::word || !differs(setting.key))) return;
    const std::string_view element = key->path.substr(0, key->path.find('/') + 1);
    std::erase_if(after_.settings, [&](const Setting& other) {
      const Key* its = find_key(other.key);
      return its != nullptr && its != key && its->path.starts_with(element) && !is_asked(other.key);
    });
  }

  /// Another type has another source, even of the same name.
  void settle_source() {
    const Type* type = find_type(after_.get("type"));
    if (is_asked("source") || type == nullptr) return;
    after_.erase("source");
    const bool has_one =
        type->source_is != SourceIs::none && !(type->word == "vhostuser" && is_passt(after_));
    if (has_one && !is_asked("source.vendor.id"))
      throw Error(Exit::invalid, before_.place, what_ + ": another type has another source",
                  "say source= too");
  }

  /// How the type is plugged in, where nobody says.
  void settle_plug() {
    if (is_passt(after_) && !is_asked("source.mode")) after_.erase("source.mode");
    add_type_defaults(after_);
  }

  void require_source_stays(bool retyped) const {
    const Type* type = find_type(before_.get("type"));
    if (retyped || type == nullptr || type->made || !differs("source")) return;
    throw Error(Exit::invalid, before_.place,
                what_ + ": virt-iface does not change the source of type " + std::string(type->word),
                "say type= too, to make another type of it");
  }

  /// The port that the type implies goes only with the type; of the whole family what can go goes.
  void require_port_stays() {
    const Type* type = find_type(after_.get("type"));
    const std::string had(before_.get("virtualport.type"));
    if (type == nullptr || type->port.empty() || !is_asked("virtualport.type") ||
        after_.find("virtualport.type") != nullptr || (!had.empty() && had != type->port))
      return;
    if (std::ranges::all_of(family_of("virtualport"),
                            [this](std::string_view key) { return is_asked(key); })) {
      if (!had.empty()) after_.set("virtualport.type", had, before_.place);
      return;
    }
    throw Error(Exit::invalid, before_.place,
                what_ + ": type " + std::string(type->word) +
                    " has virtualport.type = " + std::string(type->port) + ", which cannot be removed",
                "make another type of it, as with type=bridge source=br0");
  }

  bool has_parameters() const {
    return std::ranges::any_of(after_.settings, [&](const Setting& setting) {
      const Key* key = find_key(setting.key);
      return key != nullptr && !key->ports.empty() && cannot_carry(setting, after_).empty();
    });
  }

  /// The virtual port goes with what it identifies, where the new type can have such a port. One that the
  /// type implied, and that identifies nothing, stays behind.
  void settle_port() {
    if (is_asked("virtualport.type")) return;
    const std::string port(port_of(before_));
    const Type* type = find_type(after_.get("type"));
    after_.erase("virtualport.type");
    if (port.empty() || type == nullptr || !type->port.empty()) return;
    const bool implied = find_type(before_.get("type"))->port == port;
    if (is_among(port, type->ports) && (!implied || has_parameters()))
      after_.set("virtualport.type", port, before_.place);
    else if (!implied)
      lose({"virtualport.type", port, before_.place}, "type " + std::string(type->word));
  }

  /// What of the changed interface cannot carry what the old one had; empty: it can, or the old could not.
  std::string obstacle(const Setting& setting) const {
    const std::string port(port_of(after_));
    const bool port_changed = !port_of(before_).empty() && port_of(before_) != port;
    const Key* key = find_key(setting.key);
    if (port_changed && key != nullptr && !key->ports.empty()) {
      if (!differs("type") && !port.empty()) return "a virtual port of type " + port;
      return "type " + std::string(after_.get("type")) + (differs("type") ? "" : " without a virtual port");
    }
    return is_named(setting) || cannot_carry(setting, before_, drop_.libvirt).empty()
               ? cannot_carry(setting, after_, drop_.libvirt)
               : std::string();
  }

  void drop_what_cannot_stay() {
    const std::vector<Setting> settings = after_.settings;
    for (const Setting& setting : settings) {
      const std::string carrier = is_asked(setting.key) ? std::string() : obstacle(setting);
      if (carrier.empty()) continue;
      require_droppable(setting, carrier);
      after_.erase(setting.key);
      // How the old type was plugged in is nobody's loss, where it did not isolate.
      const Key* key = find_key(setting.key);
      const bool plugs =
          key->means(meaning::plugged) || (key->name == "driver.name" && before_.get("type") == "hostdev");
      if (!plugs || is_isolating(setting, before_)) lose(setting, carrier);
    }
  }

  void lose(const Setting& lost, const std::string& carrier) {
    warnings_.push_back({.severity = Severity::warning,
                         .place = place_of(lost),
                         .text = what_ + " loses " + lost.key + " = " + shown(lost.key, lost.value) +
                                 ", which " + carrier + " cannot carry"});
  }

  bool is_named(const Setting& setting) const {
    return std::ranges::any_of(drop_.words,
                               [&](const std::string& word) { return is_of(setting.key, word); });
  }

  bool is_droppable(const Setting& setting) const {
    const bool asks_for_vlan = std::ranges::any_of(
        asked_, [](const Setting& other) { return is_of(other.key, "vlan") && !other.value.empty(); });
    // Both say which VLAN the guest is on.
    return is_named(setting) || (setting.key == "source.portgroup" && asks_for_vlan);
  }

  /// Throws for what isolates the guest and is not to be dropped.
  void require_droppable(const Setting& setting, const std::string& carrier) const {
    if (!is_isolating(setting, before_) || is_droppable(setting)) return;
    const bool by_mode = mode_forbids(setting.key, after_);
    throw Error(Exit::invalid, place_of(setting),
                what_ + " would lose " + setting.key + " = " + shown(setting.key, setting.value) + " on " +
                    (by_mode ? "type macvtap, " : "") + carrier,
                std::string(by_mode ? "mode passthrough carries a VLAN" : "it isolates the guest") +
                    "; if it may go, " + drop_.front + std::string(isolating_word(setting.key)) + drop_.back);
  }

  const Interface& before_;
  const std::vector<Setting>& asked_;
  const Droppable& drop_;
  const std::string& what_;
  Interface after_;
  std::vector<Message> warnings_{};
};

}  // namespace

void require_isolating(const std::vector<std::string>& drop) {
  for (const std::string& name : drop) {
    if (names_isolating(name)) continue;
    const std::string hint = did_you_mean(name, isolating_words());
    const std::vector<std::string> list(isolating_words().begin(), isolating_words().end());
    throw Error(Exit::usage, "--drop " + name + ": this does not isolate a guest",
                hint.empty() ? "what does: " + join(list, ", ") + "; anything else goes by itself" : hint);
  }
}

Changed with_changes(const Interface& before, const std::vector<Setting>& settings, const Droppable& drop,
                     const std::string& what) {
  return Changing(before, settings, drop, what).run();
}

}  // namespace virt_iface
