// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/types.hpp"
#include "hook/hook.hpp"
#include "hook/inject.hpp"
#include "hook/state.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

/// `an interface (macvtap on nicA) 52:54:00:…`.
std::string describe_added(const Element& interface) {
  return "an interface (" + type_of(interface) + " on " + source_of(interface) + ") " + mac_of(interface);
}

Preview preview_of(const Event& event, const Document& document, const Settings& settings) {
  Preview result;
  if (event.task == Task::retarget) {
    Moved moved = move_sources(document, settings);
    result.messages = std::move(moved.warnings);
    result.steps = std::move(moved.moves);
    if (moved.changed) result.result = std::move(moved.document);
  } else if (event.task == Task::check) {
    Checked checked = check_sources(document, settings, false);
    result.steps = std::move(checked.done);
    result.messages = std::move(checked.faults);
    bool const refused = settings.check == Check::require && !result.messages.empty();
    result.status = refused ? Exit::system : Exit::ok;
  } else if (event.task == Task::inject && settings.inject != Inject::off) {
    Missing missing = missing_interfaces(document, settings);
    for (const Element& interface : missing.interfaces)
      result.steps.push_back("add " + describe_added(interface));
    bool const uncertain = !missing.certain && !missing.faults.empty();
    if (uncertain)
      result.steps.emplace_back(
          "ask libvirt what the guest lacks: a network gave an interface more than was asked for");
    else
      result.messages = std::move(missing.faults);
    if (!uncertain && result.messages.empty() && missing.interfaces.empty() &&
        settings.inject != Inject::hotplug)
      result.steps.emplace_back("add what its persistent definition lacks: libvirt will be asked");
  } else if (event.task == Task::release) {
    std::set<std::string> names = claimed_bridges(document.domain.uuid);
    if (settings.create_ovs_bridges) names.merge(ovs_bridges_of(document));
    for (const std::string& name : names)
      result.steps.push_back("remove the Open vSwitch bridge " + name +
                             " if the hook made it and nobody uses it");
  }
  return result;
}

}  // namespace

Preview preview(const Call& call, std::string document_text) {
  auto const nothing = [](const std::string& why) { return Preview{.steps = {"nothing" + why}}; };
  std::optional<std::string> const conf = read_owned(call.conf);
  if (!conf) return nothing(": there is no " + call.conf);
  Settings const settings = read_settings(*conf, call.conf, call.event.guest);
  if (settings.exempt) return nothing(": the guest is exempt");
  if (call.event.task == Task::nothing) return nothing(": the operation is not ours");
  if (call.event.task == Task::inject && settings.inject == Inject::off) return nothing(": inject is off");
  Document document = Scanner().scan(std::move(document_text), "<stdin>");
  Preview result = preview_of(call.event, document, settings);
  if (result.status == Exit::ok)
    for (Message& message : result.messages) message.severity = Severity::warning;
  if (result.steps.empty() && result.messages.empty()) result.steps.emplace_back("nothing");
  result.document = std::move(document);
  return result;
}

}  // namespace virt_iface::hook
