// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/status.hpp"

#include <algorithm>
#include <iterator>

#include "hook/confinement.hpp"
#include "hook/install.hpp"
#include "hook/settings.hpp"
#include "hook/trusted_file.hpp"
#include "job/start_job.hpp"

namespace virt_iface::hook {
namespace {

void read_conf(Status& status, const std::string& guest) {
  try {
    std::optional<std::string> const text = read_trusted(status.conf);
    status.has_conf = text.has_value();
    if (!text) return;
    Settings const settings = read_settings(*text, status.conf, guest);
    status.conf_messages = settings.warnings;
    if (!guest.empty()) status.scope = scope_of(settings);
  } catch (const Error& error) {
    status.has_conf = true;
    status.conf_messages = error.messages();
  }
}

}  // namespace

Status status_of(const std::string& conf, const std::string& guest) {
  Status status{.scripts = installed_scripts(),
                .last_call = last_call(),
                .conf = conf,
                .warnings = confinement_of(own_program()),
                .reports = kept_reports(),
                .history = history()};
  std::ranges::move(outdated_scripts(own_program()), std::back_inserter(status.warnings));
  read_conf(status, guest);
  if (guest.empty()) return status;
  auto const is_other = [&](const Report& report) { return report.guest != guest; };
  std::erase_if(status.reports, is_other);
  std::erase_if(status.history, is_other);
  return status;
}

}  // namespace virt_iface::hook
