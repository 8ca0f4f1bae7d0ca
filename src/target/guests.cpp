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

Error no_guest(std::string text, std::string hint) {
  return Error(Exit::invalid,
               Message{.text = std::move(text), .hint = std::move(hint), .id = "no-such-guest"});
}

std::vector<std::string> uri_list(const std::vector<Estate>& estates) {
  std::vector<std::string> uris;
  uris.reserve(estates.size());
  for (const Estate& estate : estates) uris.push_back(estate.uri);
  return uris;
}

std::vector<Guest> guests_named(const Connection& libvirt, const std::string& name) {
  if (is_pattern(name)) return fitting_guests(libvirt, name);
  std::optional<Guest> found = libvirt.find_guest(name);
  return found ? std::vector<Guest>{std::move(*found)} : std::vector<Guest>{};
}

void add_guest(Guest guest, Estate& estate) {
  if (std::ranges::find(estate.guests, guest.uuid, &Guest::uuid) == estate.guests.end())
    estate.guests.push_back(std::move(guest));
}

/// From every libvirt that has one of that name.
void add_named(const std::string& name, std::vector<Estate>& estates) {
  bool found = false;
  for (Estate& estate : estates)
    for (Guest& guest : guests_named(estate.libvirt, name)) {
      add_guest(std::move(guest), estate);
      found = true;
    }
  if (found) return;
  if (!is_pattern(name) && estates.size() == 1) estates.front().libvirt.guest(name);  // says what is near
  throw no_guest((is_pattern(name) ? "no guest's name fits '" : "libvirt has no domain '") + name + "' on " +
                     uris_of(estates),
                 hint_at_guests(uri_list(estates)));
}

std::vector<Estate> connect(const Arguments& arguments, Access access) {
  std::vector<Estate> estates;
  std::vector<std::string> uris = arguments.texts("connect");
  const bool implied = uris.empty();
  if (implied) uris.emplace_back();
  for (const std::string& uri : uris) {
    Estate estate{.libvirt = Connection::open(uri, access), .implied = implied};
    estate.uri = estate.libvirt.uri();
    if (std::ranges::find(estates, estate.uri, &Estate::uri) == estates.end())
      estates.push_back(std::move(estate));
  }
  return estates;
}

}  // namespace

std::vector<Estate> open_estates(const Arguments& arguments, Access access) {
  std::vector<Estate> estates = connect(arguments, access);
  if (arguments.has("all"))
    for (Estate& estate : estates) estate.guests = all_guests(estate.libvirt, arguments);
  for (const std::string& name : arguments.texts("domain")) add_named(name, estates);
  if (estates.front().guests.empty() && estates.front().implied)
    throw no_guest("there is no such guest on " + estates.front().uri,
                   "name another libvirt with --connect URI");
  if (estates.size() > 1)
    for (Estate& estate : estates)
      for (Guest& guest : estate.guests) guest.label = estate.uri + ' ' + guest.name;
  return estates;
}

std::vector<Member> members_of(const std::vector<Estate>& estates) {
  std::vector<Member> members;
  for (std::size_t i = 0; i < estates.size(); ++i)
    for (const Guest& guest : estates[i].guests) members.push_back({i, estates[i], guest});
  return members;
}

std::string uris_of(const std::vector<Estate>& estates) {
  return join(uri_list(estates), ", ");
}

Views views_of(const Guest& guest, const Arguments& arguments) {
  if (arguments.has("current")) return {.config = !guest.active, .live = guest.active};
  if (!arguments.has("live") && !arguments.has("config"))
    return {.config = guest.persistent, .live = guest.active};
  if (arguments.has("live") && !guest.active)
    throw Error(Exit::system, Message{.text = guest.name + " does not run",
                                      .hint = "use --config, or start it",
                                      .id = "guest-not-running"});
  if (arguments.has("config") && !guest.persistent)
    throw Error(Exit::system, Message{.text = guest.name + " has no persistent configuration",
                                      .hint = "use --live, or define it",
                                      .id = "guest-not-persistent"});
  return {.config = arguments.has("config"), .live = arguments.has("live")};
}

}  // namespace virt_iface
