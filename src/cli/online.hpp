// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/online_plan.hpp"
#include "edit/apply.hpp"

namespace virt_iface {

/// --connect, --domain, --all, --live, --config, --current: work on libvirt in place of documents.
options::options_description connect_options();
/// --replug and --yes, of the commands that change guests.
options::options_description replug_options();

/// True if the command line says to work on libvirt. Throws Error (usage) if it does so by halves, or names
/// documents too.
bool is_online(const Arguments& arguments, const std::vector<std::string>& files);

/// Stands for the documents where there are none: stdin is free for a configuration.
inline std::vector<std::string> on_libvirt() {
  return {"libvirt"};
}

/// Opens what --connect names, for changes or for reading.
Connection connect(const Arguments& arguments, Access access);

/// The guests of --domain (each once, in order), or --all that have what --live and --config ask for.
std::vector<Guest> chosen_guests(const Connection& libvirt, const Arguments& arguments);

/// --live, --config, --current or neither: then the persistent configuration if there is one and the running
/// guest if it runs. Throws Error (system) for a guest that has not what is asked for.
Views views_of(const Guest& guest, const Arguments& arguments);

/// The work of apply and attach.
OnlineWork applying(const ApplyRequest& request);

/// Carries the work out on all guests named. All is planned before anything is changed; then one guest after
/// the other, until one fails: the message names those done, failed and untouched. --diff and --check change
/// nothing.
Exit run_online(const Arguments& arguments, const OnlineWork& work);

}  // namespace virt_iface
