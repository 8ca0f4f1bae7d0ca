// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/list_guests.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/terminal.hpp"
#include "batch/progress.hpp"
#include "edit/live_view.hpp"
#include "target/guests.hpp"

namespace virt_iface {
namespace {

/// The guest agent is asked over a connection that may change guests; a reader gets the rest.
std::vector<Estate> open_to_list(const Arguments& arguments) {
  try {
    return open_estates(arguments, Access::write);
  } catch (const Error&) {
    return open_estates(arguments, Access::read);
  }
}

View view_of(const Guest& guest, const Arguments& arguments) {
  if (arguments.has("live") && arguments.has("config"))
    throw Error(Exit::usage, "--live and --config are two lists", "say which one is meant");
  const bool named = arguments.has("live") || arguments.has("config");
  if (named) return views_of(guest, arguments).live ? View::live : View::config;
  return guest.active ? View::live : View::config;
}

/// Without the prefix: an address, whoever said so.
std::string plain(const std::string& address) {
  return address.substr(0, address.find('/'));
}

/// Each address once, by the first source that knows it.
std::vector<GuestAddress> addresses_of(const Connection& libvirt, const Guest& guest) {
  std::vector<GuestAddress> all;
  for (const AddressSource source : {AddressSource::lease, AddressSource::agent, AddressSource::arp})
    for (GuestAddress& found : libvirt.addresses(guest, source)) {
      found.address = plain(found.address);
      const bool known = std::ranges::any_of(
          all, [&](const GuestAddress& a) { return a.mac == found.mac && a.address == found.address; });
      if (!known) all.push_back(std::move(found));
    }
  return all;
}

void add_addresses(const Connection& libvirt, const Guest& guest, std::span<Record> records) {
  if (records.empty() || !guest.active) return;
  for (const GuestAddress& found : addresses_of(libvirt, guest))
    for (Record& record : records)
      if (record.keys.get("mac") == found.mac)
        record.ips.push_back({.address = found.address, .source = std::string(to_string(found.source))});
}

Record of_guest(Record record, const std::string& uri) {
  record.file.clear();
  record.uri = uri;
  return record;
}

}  // namespace

Listing list_guests(const Arguments& arguments, const Selector& selector) {
  const bool wanted = arguments.command != "graph";  // the addresses
  const std::vector<Estate> estates =
      wanted ? open_to_list(arguments) : open_estates(arguments, Access::read);
  Scanner scanner({.huge = arguments.has("huge")});
  Listing listing;
  const std::vector<Member> members = members_of(estates);
  Progress progress(!arguments.has("quiet"), members.size(), "guests");
  for (const auto& [number, estate, guest] : members) {
    ++listing.domains;
    progress.count_one();
    try {
      const Connection& libvirt = estate.libvirt;
      const View view = view_of(guest, arguments);
      Document document = scanner.scan(libvirt.xml(guest, view, false), guest.label);
      if (view == View::live) document = with_networks(std::move(document), scanner);
      if (document.domain.interfaces.empty())
        listing.bare.push_back(of_guest(record_without(document), estate.uri));
      const std::size_t first = listing.records.size();
      for (const std::size_t position : select(document, selector))
        listing.records.push_back(of_guest(record_of(document, position), estate.uri));
      if (wanted) add_addresses(libvirt, guest, std::span(listing.records).subspan(first));
    } catch (const Error& error) {
      if (error.status() == Exit::usage) throw;
      progress.clear();
      tell(error.messages(), message_style(arguments.text("error-format")));
      ++listing.failed;
      listing.status = worse(listing.status, error.status());
    }
  }
  listing.many = listing.domains > 1 || arguments.has("all");
  return listing;
}

}  // namespace virt_iface
