// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "table/interface.hpp"

namespace virt_iface {

/// A guest as libvirt had it when it was asked for.
struct Guest {
  std::string name{};
  std::string label{};  ///< as messages name it: behind its libvirt's URI, where there are several
  std::string uuid{};
  bool persistent = false;  ///< has a configuration that outlives its run
  bool active = false;      ///< runs
  std::shared_ptr<void> handle{};
};

/// A virtual network.
struct Network {
  std::string name{};
  bool active = false;
  std::string bridge{};  ///< of the host; empty where the network has none
};

/// Where an address of a guest was learnt.
enum class AddressSource { lease, agent, arp };

std::string_view to_string(AddressSource source);

struct GuestAddress {
  std::string mac{};      ///< lower case
  std::string address{};  ///< IPv4 or IPv6, with `/prefix` where known
  AddressSource source = AddressSource::lease;
};

/// Which description of a guest: what it will be at its next start, or what it is now.
enum class View { config, live };

enum class Access { write, read };

/// Whether a guest can be worked on here.
enum class Presence {
  gone,
  off,
  arriving,  ///< its memory still comes from another host or out of a file
  here
};

/// True if libvirt is on another host there: the URI has a host, or a transport that goes to one. A name
/// without `://` may be one of the user's aliases: ask a Connection for its uri() then.
bool is_remote(std::string_view uri);

/// A connection to libvirt. libvirt's library is loaded when the first one is opened, never before.
/// Every function throws Error (system) with libvirt's own words behind ours.
class Connection {
 public:
  /// Opens `uri` (as virsh -c; empty: libvirt's default), asking for credentials on the terminal as virsh
  /// does.
  static Connection open(const std::string& uri, Access access = Access::write);

  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  std::vector<Guest> guests() const;  ///< all of them, sorted by name
  /// As virsh finds it: by its UUID, else by its name.
  std::optional<Guest> find_guest(const std::string& name_or_uuid) const;
  /// Throws Error (invalid), with the URI, for one that is not there.
  Guest guest(const std::string& name_or_uuid) const;
  /// Answered at once, whatever libvirt does with the guest.
  Presence presence(const std::string& uuid) const;
  std::string uri() const;
  Libvirt version() const;        ///< of the libvirt there
  std::string host_arch() const;  ///< libvirt's name, e.g. `x86_64`

  std::vector<Network> networks() const;  ///< sorted by name; empty where the driver knows none
  std::string network_xml(const std::string& name) const;
  /// What `source` knows, nothing where it cannot be asked (guest off, no agent, another driver).
  std::vector<GuestAddress> addresses(const Guest& guest, AddressSource source) const;

  /// The domain's XML; `secure` with passwords, as a definition needs it (not on a read-only connection).
  std::string xml(const Guest& guest, View view, bool secure) const;
  /// Defines the persistent configuration; `validate` has libvirt check it against its schema first.
  void define(const std::string& xml, bool validate = false) const;

  void attach(const Guest& guest, const std::string& device, View view) const;
  /// libvirt may only ask the guest to let go of a device: whether it is gone shows in xml().
  void detach(const Guest& guest, const std::string& device, View view) const;
  /// Nothing when done; the reason where libvirt cannot change this in a device that is there.
  std::optional<std::string> update(const Guest& guest, const std::string& device, View view) const;

 private:
  struct State;
  std::shared_ptr<void> network(const std::string& name) const;
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// What lists the guests there, as it can be typed.
std::string hint_at_guests(const std::vector<std::string>& uris);

}  // namespace virt_iface
