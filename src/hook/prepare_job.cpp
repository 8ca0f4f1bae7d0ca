// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/prepare_job.hpp"

#include <algorithm>

#include "hook/event.hpp"
#include "hook/missing.hpp"
#include "hook/policy.hpp"
#include "job/reports.hpp"
#include "job/run_directory.hpp"
#include "spec/spec.hpp"
#include "view/types.hpp"

namespace virt_iface::hook {
namespace {

/// A comma that is no separator is doubled; those of a list stand alone.
std::string escaped(const Setting& setting) {
  const Key* key = find_key(setting.key);
  if (key && takes_list(*key) && key->name != "source") return setting.value;
  std::string text;
  for (char c : setting.value) text.append(c == ',' ? 2 : 1, c);
  return text;
}

JobInterface job_interface(const PolicyInterface& wanted) {
  const Interface& interface = wanted.interface;
  std::string const on = std::string(interface.get("type")) + " on " + std::string(interface.get("source"));
  return {.name = '[' + wanted.heading + "] (" + on + ')', .option = option_of(interface)};
}

/// What the maps have done to the guest, if it came in this run: a report may be of an arrival that another
/// script refused.
std::vector<std::vector<std::string>> updates_of_arrival(const Document& document) {
  auto const report = kept_report(document.domain.uuid, "retarget");
  if (!report) return {};
  std::vector<std::vector<std::string>> updates = report->updates;
  auto const is_here = [&](const std::vector<std::string>& update) {
    return std::ranges::any_of(document.domain.interfaces, [&](const Element& interface) {
      auto const source =
          std::ranges::find_if(update, [](const std::string& word) { return word.starts_with("source="); });
      return mac_of(interface) == update.front() &&
             (source == update.end() || *source == "source=" + source_of(interface));
    });
  };
  std::erase_if(updates, [&](const auto& update) { return update.empty() || !is_here(update); });
  return updates;
}

}  // namespace

Job make_job(const Document& document, const Settings& settings) {
  Job job{.guest = document.domain.name,
          .uuid = document.domain.uuid,
          .connect = settings.connect,
          .how = settings.inject,
          .timeout = settings.inject_timeout};
  if (job.connect.empty())
    job.connect = driver_of_domain(document.domain.type) == "libxl" ? "xen:///system" : "qemu:///system";
  for (const PolicyInterface& wanted : policy_of(settings, document.domain))
    job.interfaces.push_back(job_interface(wanted));
  return job;
}

std::string option_of(const Interface& interface) {
  std::string text;
  for (const Setting& setting : interface.settings)
    text.append(text.empty() ? "" : ",").append(setting.key).append("=").append(escaped(setting));
  return text;
}

PreparedJob prepare_job(const Document& document, const Settings& settings) {
  if (!is_uuid(document.domain.uuid))
    throw Error(Exit::invalid, "the guest's document has no UUID", "libvirt's own has one");
  Missing const missing = missing_interfaces(document, settings);
  if (missing.certain && missing.interfaces.empty() && !missing.faults.empty())
    throw Error(Exit::invalid, missing.faults);
  // What the definition has, only libvirt can tell.
  if (missing.interfaces.empty() && missing.faults.empty() && settings.inject == Inject::hotplug)
    return {.text = "the guest has every interface asked for"};
  PreparedJob prepared{.job = make_job(document, settings), .text = "waits for the guest"};
  prepared.job->updates = updates_of_arrival(document);
  return prepared;
}

}  // namespace virt_iface::hook
