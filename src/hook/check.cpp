// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/check.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "edit/plan.hpp"
#include "hook/claims.hpp"
#include "hook/deadline.hpp"
#include "host/cards.hpp"
#include "host/ovs.hpp"
#include "host/sources.hpp"
#include "job/run_directory.hpp"
#include "table/values.hpp"
#include "view/types.hpp"

namespace virt_iface::hook {
namespace {

/// Shorter than the deadline of the call, so that the guest's message is about Open vSwitch.
constexpr std::chrono::milliseconds ovs_limit{4000};

class SourceCheck {
 public:
  SourceCheck(const Document& document, const Settings& settings, bool act)
      : document_(document), settings_(settings), act_(act) {}

  Checked run() {
    for (const Element& interface : document_.domain.interfaces)
      if (std::string const type = type_of(interface); type == "macvtap" || type == "bridge")
        know(kernel_name(source_of(interface)));
    provide_bridges(ovs_bridges_of(document_));
    for (std::size_t i = 0; i < document_.domain.interfaces.size(); ++i)
      check(i + 1, document_.domain.interfaces[i]);
    return std::move(checked_);
  }

 private:
  /// One device, on IBM Z with what lies beneath: a host of many guests has hundreds.
  void know(const std::string& name) {
    if (std::ranges::find(host_.nics, name, &Nic::name) != host_.nics.end()) return;
    std::optional<Nic> nic = find_nic(name);
    if (!nic) return;
    host_.nics.push_back(std::move(*nic));
    if (!ibm_z_) return;
    const std::vector<std::string> lower = host_.nics.back().lower;
    for (const std::string& one : lower)
      if (!is_automatic_target(one)) know(one);
  }

  void know_ports(const OpenVSwitch& ovs) {
    host_.switches = parse_ovs(ovs.tables());
    for (const OvsBridge& bridge : host_.switches)
      for (const OvsPort& port : bridge.ports)
        for (const std::string& one : port.interfaces)
          if (!is_automatic_target(one)) know(one);
  }

  /// Where something is wrong with a source, the hint names what the host has instead.
  std::vector<Message> faults_of(std::string_view type, const std::string& name, bool tagged = false) {
    std::vector<Message> faults = check_source(host_, type, name, tagged);
    if (faults.empty()) return faults;
    host_.nics = all_nics();
    return check_source(host_, type, name, tagged);
  }

  /// Asks Open vSwitch only if the guest needs it, and makes what is missing.
  void provide_bridges(const std::set<std::string>& names) {
    bool const asked = settings_.check != Check::off || settings_.create_ovs_bridges;
    if (names.empty() || !asked) return;
    try {
      if (settings_.create_ovs_bridges && act_) claim(names);
      Deadline::waits_for("Open vSwitch");
      OpenVSwitch const ovs(ovs_limit);
      host_.ovs_bridges = ovs.bridges();
      if (ibm_z_) know_ports(ovs);
      if (settings_.create_ovs_bridges) make_missing(ovs, names);
    } catch (const Error& error) {
      for (const std::string& name : names) keep_fault(name, error);
    }
    Deadline::waits_for(nullptr);
  }

  /// Before it is looked whether they are there: what is claimed, no other guest's end removes.
  void claim(const std::set<std::string>& names) {
    Deadline::waits_for("other guests that start or end, to claim Open vSwitch bridges");
    Lock const lock("bridges");
    for (const std::string& name : names) {
      try {
        claim_bridge(name, document_.domain.uuid);
      } catch (const Error& error) {
        keep_fault(name, error);
      }
    }
  }

  void make_missing(const OpenVSwitch& ovs, const std::set<std::string>& names) {
    std::vector<std::string> missing;
    for (const std::string& name : names)
      if (!is_there(name) && !bridge_faults_.contains(name) && is_right(name)) missing.push_back(name);
    if (missing.empty()) return;
    try {
      if (act_) ovs.add_bridges(missing);
      for (const std::string& name : missing) made(name);
    } catch (const Error& error) {
      // One that cannot be made keeps no other one away.
      for (const std::string& name : missing)
        error.has("no-answer") ? keep_fault(name, error) : make(ovs, name);
    }
  }

  void make(const OpenVSwitch& ovs, const std::string& name) {
    try {
      ovs.add_bridges({name});
      made(name);
    } catch (const Error& error) {
      keep_fault(name, error);
    }
  }

  void made(const std::string& name) {
    checked_.done.push_back((act_ ? "made the Open vSwitch bridge " : "make the Open vSwitch bridge ") +
                            name);
    host_.ovs_bridges->push_back(name);
  }

  bool is_right(const std::string& name) {
    try {
      return !bridge_name(name).empty();
    } catch (const Error& error) {
      keep_fault(name, error);
      return false;
    }
  }

  bool is_there(const std::string& name) const {
    return host_.ovs_bridges && std::ranges::find(*host_.ovs_bridges, name) != host_.ovs_bridges->end();
  }

  /// A bridge that is there serves the guest, whatever we could not write down of it.
  void keep_fault(const std::string& name, const Error& error) {
    if (!is_there(name)) bridge_faults_.try_emplace(name, error.messages());
  }

  void check(std::size_t position, const Element& interface) {
    const Type* shape = row_of(interface);
    // libvirt knows its networks, and we may not ask.
    if (shape == nullptr || !is_among(shape->word, "macvtap|ovs|bridge|hostdev|vdpa|vhostuser")) return;
    if (shape->word == "ovs")
      if (auto const found = bridge_faults_.find(source_of(interface)); found != bridge_faults_.end())
        return add(position, interface, found->second);
    if (shape->word == "macvtap") return check_nic(position, interface);
    if (settings_.check == Check::off) return;
    add(position, interface,
        faults_of(shape->word, source_of(interface), interface.child("vlan") != nullptr));
  }

  void check_nic(std::size_t position, const Element& interface) {
    std::string const name = source_of(interface);
    auto const nic = std::ranges::find(host_.nics, kernel_name(name), &Nic::name);
    bool const unfit = nic == host_.nics.end() || !nic->master.empty() || nic->kind == NicKind::loopback;
    if (unfit && settings_.check == Check::off) return;
    if (unfit) return add(position, interface, faults_of("macvtap", name));
    if (settings_.check != Check::off) add(position, interface, check_cards(host_, "macvtap", name));
    if (nic->up) return;
    if (settings_.bring_up) return bring_up(position, interface, *nic);
    if (settings_.check == Check::off) return;
    add(position, interface,
        {{Severity::error,
          {},
          "'" + name + "' is down",
          "ip link set " + name + " up, or write bring_up = yes in [hook]"}});
  }

  void bring_up(std::size_t position, const Element& interface, Nic& nic) {
    try {
      if (act_) set_up(nic.name);
      nic.up = true;
      checked_.done.push_back("set " + nic.name + " up");
    } catch (const Error& error) {
      add(position, interface, error.messages());
    }
  }

  /// What this host has of that type: an administrator far away wants all of it, not the nearest name.
  std::string instead(std::string_view type) const {
    std::vector<std::string> names;
    for (const Source& source : host_sources(host_, type)) names.push_back(source.name);
    return names.empty() ? "it has none" : "it has " + join(names, ", ");
  }

  void add(std::size_t position, const Element& interface, std::vector<Message> faults) {
    std::string const mac = mac_of(interface);
    for (Message& fault : faults) {
      if (fault.id == "no-source") fault.hint = instead(type_of(interface));
      fault.text = "guest " + document_.domain.name + ", " + describe(position, interface) +
                   (mac.empty() ? std::string() : " " + mac) + ": " + fault.text;
      checked_.faults.push_back(std::move(fault));
    }
  }

  const Document& document_;
  const Settings& settings_;
  bool act_;
  Host host_{};
  bool ibm_z_ = is_ibm_z();
  std::map<std::string, std::vector<Message>> bridge_faults_{};  ///< why one is not there, or not known
  Checked checked_{};
};

}  // namespace

std::set<std::string> ovs_bridges_of(const Document& document) {
  std::set<std::string> names;
  for (const Element& interface : document.domain.interfaces)
    if (type_of(interface) == "ovs") names.insert(source_of(interface));
  return names;
}

Checked check_sources(const Document& document, const Settings& settings, bool act) {
  return SourceCheck(document, settings, act).run();
}

std::vector<std::string> remove_unused_bridges() {
  Deadline::waits_for("Open vSwitch");
  OpenVSwitch const ovs(ovs_limit);
  std::vector<std::string> unused = ovs.empty_bridges_of_ours();
  if (unused.empty()) return unused;
  Lock const lock("bridges");
  std::erase_if(unused, is_claimed);
  ovs.delete_bridges(unused);
  return unused;
}

}  // namespace virt_iface::hook
