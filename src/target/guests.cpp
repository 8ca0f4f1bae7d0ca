// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/guests.hpp"

#include <algorithm>
#include <utility>

#include "base/pattern.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

/// All running ones, all configured ones: those that have not what is asked for are not meant.
std::vector<Guest> all_guests(const Connection& libvirt, const Arguments& arguments) {
  std::vector<Guest> all = libvirt.guests();
  std::erase_if(all, [&](const Guest& guest) {
    return (arguments.has("live") && !guest.active) || (arguments.has("config") && !guest.persistent);
  });
  return all;
}

std::vector<Guest> fitting_guests(const Connection& libvirt, const std::string& pattern) {
  std::vector<Guest> all = libvirt.guests();
  std::erase_if(all, [&](const Guest& guest) { return !fits_pattern(guest.name, pattern); });
  return all;
}

/// Of a libvirt that nobody named, it is said which one it was.
Error no_guest(std::string text, const Estate& estate) {
  if (estate.implied) text += " on " + estate.uri;
  return Error(estate.implied ? Exit::invalid : Exit::system,
               Message{.text = std::move(text),
                       .cure = estate.implied ? "name another libvirt with --connect URI"
                                              : "virt-iface list --all shows what there is",
                       .id = "no-such-guest"});
}

std::vector<Guest> guests_named(const std::string& name, const Estate& estate) {
  if (is_pattern(name)) {
    std::vector<Guest> fitting = fitting_guests(estate.libvirt, name);
    if (fitting.empty()) throw no_guest("no guest's name fits '" + name + "'", estate);
    return fitting;
  }
  if (estate.implied && !estate.libvirt.find_guest(name))
    throw no_guest("libvirt has no domain '" + name + "'", estate);
  return {estate.libvirt.guest(name)};
}

}  // namespace

Estate open_estate(const Arguments& arguments, Access access) {
  Estate estate{.libvirt = Connection::open(arguments.text("connect"), access)};
  estate.uri = estate.libvirt.uri();
  estate.implied = !arguments.has("connect");
  if (arguments.has("all")) estate.guests = all_guests(estate.libvirt, arguments);
  for (const std::string& name : arguments.texts("domain"))
    for (Guest& guest : guests_named(name, estate))
      if (std::ranges::find(estate.guests, guest.uuid, &Guest::uuid) == estate.guests.end())
        estate.guests.push_back(std::move(guest));
  if (estate.guests.empty() && estate.implied) throw no_guest("there is no such guest", estate);
  return estate;
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

}  // namespace virt_iface
