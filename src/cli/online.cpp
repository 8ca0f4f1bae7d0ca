// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/online.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/diff.hpp"
#include "cli/check_host.hpp"
#include "edit/types.hpp"
#include "live/guest_locks.hpp"
#include "xml/schema.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

/// The network, where one is asked of libvirt, must be there: told before anything is changed.
void check_networks(const Connection& libvirt, const GuestPlan& plan) {
  std::optional<std::vector<Network>> networks;
  const auto check = [&](const Element& interface, bool running) {
    if (type_of(interface) != "network") return;
    if (!networks) networks = libvirt.networks();
    const std::string name = source_of(interface);
    const auto found = std::ranges::find(*networks, name, &Network::name);
    if (found == networks->end()) {
      std::vector<std::string> names;
      for (const Network& network : *networks) names.push_back(network.name);
      throw Error(Exit::system, "libvirt has no network '" + name + "'", named_instead(name, names));
    }
    if (running && !found->active)
      throw Error(Exit::system, "network '" + name + "' is not active, and " + plan.guest.name + " runs",
                  "virsh net-start " + name + ", or --config for the next start only");
  };
  for (const auto& [side, running] : {std::pair(&plan.config, false), std::pair(&plan.live, true)})
    if (*side)
      for (const Change& change : (*side)->plan.changes)
        if (change.kind != Change::Kind::removed) check(change.interface, running);
}

/// What changes has to fit the schema, before anything is changed.
void validate(const Schema& schema, const GuestPlan& plan) {
  for (const auto* side : {&plan.config, &plan.live})
    if (*side && (*side)->before.bytes != (*side)->after.bytes)
      schema.validate((*side)->after.bytes, (*side)->before.bytes, (*side)->after.root, (*side)->after.file);
}

std::string diff_of(const Side& side, bool colour) {
  return unified_diff(side.before.file, side.before.bytes, side.after.bytes,
                      differing_stretch(side.before.bytes, side.after.bytes), colour);
}

/// Warnings, and notes, that both descriptions give, each once.
std::vector<Message> warnings_of(const GuestPlan& plan) {
  std::vector<Message> all;
  std::set<std::string> seen;
  for (const auto* side : {&plan.config, &plan.live})
    if (*side)
      for (const Message& message : (*side)->plan.warnings)
        if (seen.insert(message.text).second) all.push_back(message);
  return all;
}

std::vector<std::string> names_of(const std::vector<GuestPlan>& plans, std::size_t begin, std::size_t end) {
  std::vector<std::string> names;
  for (std::size_t i = begin; i < end; ++i) names.push_back(plans[i].guest.name);
  return names;
}

/// Over several guests: which are done, which failed, which are as they were.
Message progress(const std::vector<GuestPlan>& plans, std::size_t failed) {
  const auto named = [](const char* what, const std::vector<std::string>& names) {
    return std::string(what) + (names.empty() ? "none" : join(names, ", "));
  };
  return {Severity::note,
          {},
          named("done: ", names_of(plans, 0, failed)) + "; failed: " + plans[failed].guest.name + "; " +
              named("untouched: ", names_of(plans, failed + 1, plans.size())),
          {}};
}

void refuse_options(const Arguments& arguments, std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (arguments.has(name))
      throw Error(Exit::usage, "--" + std::string(name) + " is for documents, and --connect works on libvirt",
                  "leave one of them out");
}

Exit show_only(const Arguments& arguments, const std::vector<GuestPlan>& plans) {
  bool changed = false;
  for (const GuestPlan& plan : plans) {
    changed = changed || plan.changes();
    if (!arguments.has("diff") || arguments.has("check")) continue;
    for (const auto* side : {&plan.config, &plan.live})
      if (*side) write_all(STDOUT_FILENO, diff_of(**side, wants_colour(STDOUT_FILENO)), "stdout");
  }
  return changed ? Exit::changed : Exit::ok;
}

void carry_out_all(const Arguments& arguments, const Connection& libvirt, const std::vector<GuestPlan>& plans,
                   bool checks_itself) {
  StopSignals const signals;
  for (std::size_t i = 0; i < plans.size(); ++i) {
    try {
      GuestChange change = change_of(plans[i]);
      change.replug = arguments.has("replug");
      change.validate = checks_itself;
      carry_out(libvirt, change);
    } catch (const Error& error) {
      std::vector<Message> messages = error.messages();
      if (plans.size() > 1) messages.push_back(progress(plans, i));
      if (int const signal = stop_signal()) {
        tell(messages, arguments.text("error-format") == "json");
        throw Interrupted{signal};
      }
      throw Error(error.status(), std::move(messages));
    }
  }
}

}  // namespace

options::options_description connect_options() {
  options::options_description group("On libvirt");
  group.add_options()("connect", options::value<std::string>()->value_name("URI"),
                      "work on libvirt's guests, as qemu:///system has them")(
      "domain", options::value<Texts>()->composing()->value_name("NAME|UUID"), "which guest; repeatable")(
      "all", "all guests")("live", "the running guest")("config", "the persistent configuration")(
      "current", "the running guest if it runs, else the persistent configuration");
  return group;
}

options::options_description replug_options() {
  options::options_description group("Changes on libvirt");
  group.add_options()("replug",
                      "where libvirt cannot change a running interface: detach it and attach it again")(
      "yes", "with --all: yes, from all guests");
  return group;
}

bool is_online(const Arguments& arguments, const std::vector<std::string>& files) {
  if (!arguments.has("connect")) {
    for (const char* name : {"domain", "all", "live", "config", "current", "replug", "yes"})
      if (arguments.has(name))
        throw Error(Exit::usage, "--" + std::string(name) + " goes with --connect",
                    std::string_view(name) == "config" ? "-c FILE names a configuration file"
                                                       : "add --connect qemu:///system");
    return false;
  }
  if (!files.empty())
    throw Error(Exit::usage, "'" + files.front() + "' is a document, and --connect works on libvirt",
                "name guests by --domain");
  refuse_options(arguments, {"in-place", "backup", "output", "output-dir", "report", "stylesheet", "param",
                             "null", "recursive", "files-from", "jobs", "keep-going", "fail-fast"});
  if (arguments.has("domain") == arguments.has("all"))
    throw Error(Exit::usage, arguments.has("all") ? "--domain and --all exclude each other" : "which guest?",
                "use --domain NAME, or --all");
  if (arguments.has("current") && (arguments.has("live") || arguments.has("config")))
    throw Error(Exit::usage, "--current excludes --live and --config", "say which one is meant");
  require_this_host(arguments);
  return true;
}

Connection connect(const Arguments& arguments, Access access) {
  return Connection::open(arguments.text("connect"), access);
}

std::vector<Guest> chosen_guests(const Connection& libvirt, const Arguments& arguments) {
  if (arguments.has("all")) {
    std::vector<Guest> all = libvirt.guests();
    // All running ones, all configured ones: those that have not what is asked for are not meant.
    std::erase_if(all, [&](const Guest& guest) {
      return (arguments.has("live") && !guest.active) || (arguments.has("config") && !guest.persistent);
    });
    return all;
  }
  std::vector<Guest> chosen;
  for (const std::string& name : arguments.texts("domain")) {
    Guest guest = libvirt.guest(name);
    if (std::ranges::find(chosen, guest.uuid, &Guest::uuid) == chosen.end())
      chosen.push_back(std::move(guest));
  }
  return chosen;
}

Views views_of(const Guest& guest, const Arguments& arguments) {
  if (arguments.has("current")) return {.config = !guest.active, .live = guest.active};
  if (!arguments.has("live") && !arguments.has("config"))
    return {.config = guest.persistent, .live = guest.active};
  if (arguments.has("live") && !guest.active)
    throw Error(Exit::system, Message{.text = guest.name + " does not run",
                                      .cure = "use --config, or start it",
                                      .id = "guest-not-running"});
  if (arguments.has("config") && !guest.persistent)
    throw Error(Exit::system, Message{.text = guest.name + " has no persistent configuration",
                                      .cure = "use --live, or define it",
                                      .id = "guest-not-persistent"});
  return {.config = arguments.has("config"), .live = arguments.has("live")};
}

OnlineWork applying(const ApplyRequest& request) {
  return {.plan = [applier = std::make_shared<Applier>(request)](
                      const Document& document, const OnlineView&) { return applier->plan(document); },
          .takes_away = request.policy == Policy::replace};
}

Exit run_online(const Arguments& arguments, const OnlineWork& work) {
  if (work.takes_away && arguments.has("all") && !arguments.has("yes"))
    throw Error(Exit::usage, "this takes interfaces away from all guests", "say --yes if that is meant");
  const bool dry = arguments.has("diff") || arguments.has("check");
  const Connection libvirt = connect(arguments, dry ? Access::read : Access::write);
  Scanner scanner({.huge = arguments.has("huge")});
  const std::string folder = arguments.text("validate");
  // Without a folder, the schema of a remote libvirt's own host counts: it checks the definition itself.
  const bool checks_itself = arguments.has("validate") && folder.empty() && is_remote(libvirt.uri());
  std::optional<Schema> schema;
  if (arguments.has("validate") && !checks_itself) schema.emplace(folder);
  std::vector<GuestPlan> plans;
  std::vector<Guest> const guests = chosen_guests(libvirt, arguments);
  std::optional<GuestLocks> locks;
  if (!dry) locks.emplace(guests);
  for (const Guest& guest : guests) {
    plans.push_back(plan_guest(libvirt, guest, views_of(guest, arguments), work, scanner, !dry));
    check_networks(libvirt, plans.back());
    if (schema) validate(*schema, plans.back());
    if (!arguments.has("quiet")) tell(warnings_of(plans.back()), arguments.text("error-format") == "json");
  }
  if (dry) return show_only(arguments, plans);
  carry_out_all(arguments, libvirt, plans, checks_itself);
  return Exit::ok;
}

}  // namespace virt_iface
