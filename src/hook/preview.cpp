// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <iterator>

#include "base/file.hpp"
#include "hook/check.hpp"
#include "hook/missing.hpp"
#include "hook/preview.hpp"
#include "hook/retarget.hpp"
#include "hook/trusted_file.hpp"
#include "spec/builder.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

/// `an interface (macvtap on nicA) 52:54:00:…`.
std::string describe_added(const Element& interface) {
  return "an interface (" + type_of(interface) + " on " + source_of(interface) + ") " + mac_of(interface);
}

/// The start of a guest that comes: what the maps made of it is what libvirt has checked.
void add_check(const Document& document, const Settings& settings, Preview& result) {
  Checked checked = check_sources(document, settings, false);
  std::ranges::move(checked.done, std::back_inserter(result.steps));
  bool const refused = settings.check == Check::require && has_error(checked.faults);
  std::ranges::move(checked.faults, std::back_inserter(result.messages));
  if (refused) result.status = Exit::system;
}

Preview preview_of(const Event& event, const Document& document, const Settings& settings) {
  Preview result;
  if (event.task == Task::retarget) {
    Retargeted moved = retarget_sources(document, settings);
    result.messages = std::move(moved.warnings);
    result.steps = std::move(moved.moves);
    if (moved.changed) result.result = std::move(moved.document);
    if (event.operation == arrival)
      add_check(result.result ? Scanner().scan(result.result->bytes, document.file) : document, settings,
                result);
  } else if (event.task == Task::check) {
    add_check(document, settings, result);
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
  } else if (event.task == Task::release && settings.create_ovs_bridges) {
    result.steps.emplace_back(
        "remove the Open vSwitch bridges that the hook made, nobody uses and have no port");
  }
  return result;
}

}  // namespace

std::vector<Message> check_conf(const std::string& path) {
  std::vector<Message> found = read_settings(read_file(path), path, {}).warnings;
  try {
    read_trusted(path);
  } catch (const Error& error) {
    for (Message message : error.messages()) {
      message.severity = Severity::warning;
      found.push_back(std::move(message));
    }
  }
  return found;
}

Preview preview(const Call& call, std::string document_text) {
  auto const nothing = [](const std::string& why) { return Preview{.steps = {"nothing" + why}}; };
  std::optional<std::string> const conf = read_trusted(call.conf);
  if (!conf) return nothing(": there is no " + call.conf);
  Settings const settings = read_settings(*conf, call.conf, call.event.guest);
  if (settings.exempt) {
    Preview result = nothing(": " + scope_of(settings));
    result.messages = settings.warnings;
    return result;
  }
  if (call.event.task == Task::nothing) return nothing(": the operation is not ours");
  if (call.event.task == Task::inject && settings.inject == Inject::off) return nothing(": inject is off");
  Document document = Scanner().scan(std::move(document_text), "<stdin>");
  Preview result = preview_of(call.event, document, settings);
  if (result.status == Exit::ok)
    for (Message& message : result.messages)
      if (message.severity == Severity::error) message.severity = Severity::warning;
  if (result.steps.empty() && result.messages.empty()) result.steps.emplace_back("nothing");
  if (settings.guests) result.steps.insert(result.steps.begin(), scope_of(settings));
  result.messages.insert(result.messages.begin(), settings.warnings.begin(), settings.warnings.end());
  result.document = std::move(document);
  return result;
}

}  // namespace virt_iface::hook
