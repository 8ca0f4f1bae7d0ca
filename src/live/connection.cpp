// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/connection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/slots.hpp"
#include "base/text.hpp"
#include "live/library.hpp"

namespace virt_iface {

/// Copies of the library's functions are kept where handles are freed: they outlive the Connection.
struct Connection::State {
  std::shared_ptr<const Library> library;
  std::shared_ptr<virConnect> connect;

  virConnectPtr get() const { return connect.get(); }
};

namespace {

using Lib = std::shared_ptr<const Library>;

/// The C strings and lists that libvirt hands over are the caller's, to be freed by free().
struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

std::string taken(char* text) {
  const std::unique_ptr<char, Free> owner(text);
  return text;
}

/// A list of pointers from libvirt, each wrapped by `wrap`, which takes it over. Nothing on `count` < 0.
template <typename T, typename Wrap>
auto taken_list(T* list, int count, Wrap wrap) {
  const std::unique_ptr<T, Free> owner(list);
  std::vector<decltype(wrap(*list))> values;
  for (T item : std::span(list, count > 0 ? static_cast<std::size_t>(count) : 0))
    values.push_back(wrap(item));
  return values;
}

/// The driver does not do such things at all, or not for this guest in this state.
bool means_unable(int code) {
  return code == VIR_ERR_NO_SUPPORT || code == VIR_ERR_OPERATION_UNSUPPORTED ||
         code == VIR_ERR_CONFIG_UNSUPPORTED || code == VIR_ERR_ARGUMENT_UNSUPPORTED;
}

/// libvirt 11 gives a port to another Open vSwitch bridge before it takes it from the old one: ovs-vsctl
/// refuses.
bool cannot_move_port(int code, std::string_view reason) {
  return code == VIR_ERR_INTERNAL_ERROR && reason.find("is actually attached to bridge") != reason.npos;
}

virDomainPtr pointer(const Guest& guest) {
  return static_cast<virDomainPtr>(guest.handle.get());
}

/// libvirt's yes or no; no of a domain that is gone meanwhile, and where the driver cannot tell.
bool is_yes(const Lib& lib, int answer) {
  int const error = answer < 0 ? lib->virGetLastErrorCode() : VIR_ERR_OK;
  if (answer < 0 && error != VIR_ERR_NO_DOMAIN && error != VIR_ERR_NO_SUPPORT)
    throw lib->failure("cannot ask libvirt about a domain");
  return answer == 1;
}

Guest make_guest(const Lib& lib, virDomainPtr raw) {
  std::shared_ptr<virDomain> handle(raw, [lib](virDomainPtr domain) { lib->virDomainFree(domain); });
  Guest guest;
  if (const char* name = lib->virDomainGetName(raw)) guest.name = guest.label = name;
  std::array<char, VIR_UUID_STRING_BUFLEN> uuid{};
  if (lib->virDomainGetUUIDString(raw, uuid.data()) == 0) guest.uuid = uuid.data();
  guest.persistent = is_yes(lib, lib->virDomainIsPersistent(raw));
  guest.active = is_yes(lib, lib->virDomainIsActive(raw));
  guest.handle = std::move(handle);
  return guest;
}

Network make_network(const Lib& lib, virNetworkPtr raw) {
  const std::shared_ptr<virNetwork> handle(raw, [&](virNetworkPtr network) { lib->virNetworkFree(network); });
  Network network;
  if (const char* name = lib->virNetworkGetName(raw)) network.name = name;
  network.active = lib->virNetworkIsActive(raw) == 1;
  if (char* bridge = lib->virNetworkGetBridgeName(raw)) network.bridge = taken(bridge);
  return network;
}

GuestAddress make_address(const char* mac, const char* address, unsigned prefix, AddressSource source) {
  std::string text = address == nullptr ? "" : address;
  if (prefix != 0) text += '/' + std::to_string(prefix);
  return {mac == nullptr ? "" : lower(mac), std::move(text), source};
}

unsigned affect(View view) {
  return view == View::live ? VIR_DOMAIN_AFFECT_LIVE : VIR_DOMAIN_AFFECT_CONFIG;
}

std::string_view words(View view) {
  return view == View::live ? "running guest" : "configuration of";
}

/// A q35 guest has one spare port unless it was given more.
constexpr std::string_view more_slots =
    "give it more <controller type='pci' model='pcie-root-port'/> and restart it";

std::string cannot(std::string_view verb, View view, const Guest& guest) {
  return "cannot " + std::string(verb) + " the " + std::string(words(view)) + " " + guest.label;
}

}  // namespace

std::string_view to_string(AddressSource source) {
  constexpr std::array<std::string_view, 3> names{"lease", "agent", "arp"};
  return names.at(static_cast<std::size_t>(source));
}

bool is_remote(std::string_view uri) {
  const std::size_t scheme_end = uri.find("://");
  if (scheme_end == uri.npos) return false;
  const std::string_view scheme = uri.substr(0, scheme_end);
  const std::string_view rest = uri.substr(scheme_end + std::string_view("://").size());
  const std::size_t plus = scheme.find('+');
  const std::string_view transport = plus == scheme.npos ? "" : scheme.substr(plus + 1);
  const bool has_host = !rest.empty() && rest.find_first_of("/?#") != 0;
  return has_host || (!transport.empty() && transport != "unix");
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Connection Connection::open(const std::string& uri, Access access) {
  Lib lib = std::make_shared<const Library>(load_library());
  survive_broken_pipes();  // libvirt's client writes to its socket without a thought of it
  const unsigned flags = access == Access::read ? VIR_CONNECT_RO : 0;
  virConnectPtr raw = lib->virConnectOpenAuth(uri.empty() ? nullptr : uri.c_str(), lib->auth, flags);
  if (raw == nullptr)
    throw lib->failure("cannot connect to " + (uri.empty() ? "libvirt" : uri),
                       "see whether its daemon runs and whether you may use it");
  std::shared_ptr<virConnect> connect(raw, [lib](virConnectPtr open) { lib->virConnectClose(open); });
  return Connection(std::make_unique<State>(State{std::move(lib), std::move(connect)}));
}

std::vector<Guest> Connection::guests() const {
  virDomainPtr* list = nullptr;
  const int count = state_->library->virConnectListAllDomains(state_->get(), &list, 0);
  if (count < 0) throw state_->library->failure("cannot list the domains of " + uri());
  auto all = taken_list(list, count, [&](virDomainPtr raw) { return make_guest(state_->library, raw); });
  std::ranges::sort(all, {}, &Guest::name);
  return all;
}

std::optional<Guest> Connection::find_guest(const std::string& name_or_uuid) const {
  const Lib& lib = state_->library;
  // As virsh does: a guest may be named like another's UUID.
  virDomainPtr raw = lib->virDomainLookupByUUIDString(state_->get(), name_or_uuid.c_str());
  if (raw == nullptr) raw = lib->virDomainLookupByName(state_->get(), name_or_uuid.c_str());
  if (raw != nullptr) return make_guest(lib, raw);
  if (lib->virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
    throw lib->failure("cannot look for domain " + name_or_uuid);
  return std::nullopt;
}

std::string hint_at_guests(const std::vector<std::string>& uris) {
  std::string command = "virt-iface list";
  for (const std::string& uri : uris)
    command += " --connect " + (uri.find_first_of("?&;() ") == uri.npos ? uri : '\'' + uri + '\'');
  return command + " --all shows what there is";
}

Guest Connection::guest(const std::string& name_or_uuid) const {
  if (std::optional<Guest> found = find_guest(name_or_uuid)) return std::move(*found);
  const std::vector<Guest> all = guests();
  std::vector<std::string_view> names(all.size());
  std::ranges::transform(all, names.begin(), &Guest::name);
  const std::string near = did_you_mean(name_or_uuid, names);
  throw Error(Exit::invalid, Message{.text = "libvirt has no domain '" + name_or_uuid + "' on " + uri(),
                                     .hint = near.empty() ? hint_at_guests({uri()}) : near,
                                     .id = "no-such-guest"});
}

Presence Connection::presence(const std::string& uuid) const {
  const Lib& lib = state_->library;
  const std::unique_ptr<virDomain, int (*)(virDomainPtr)> domain(
      lib->virDomainLookupByUUIDString(state_->get(), uuid.c_str()), lib->virDomainFree);
  int state = VIR_DOMAIN_NOSTATE;
  int reason = 0;
  if (!domain || lib->virDomainGetState(domain.get(), &state, &reason, 0) < 0) {
    if (lib->virGetLastErrorCode() == VIR_ERR_NO_DOMAIN) return Presence::gone;
    throw lib->failure("cannot ask for the state of domain " + uuid);
  }
  if (state == VIR_DOMAIN_SHUTOFF || state == VIR_DOMAIN_CRASHED) return Presence::off;
  const bool comes = reason == VIR_DOMAIN_PAUSED_MIGRATION || reason == VIR_DOMAIN_PAUSED_STARTING_UP ||
                     reason == VIR_DOMAIN_PAUSED_POSTCOPY;
  if (state == VIR_DOMAIN_PAUSED && comes) return Presence::arriving;
  if (state == VIR_DOMAIN_RUNNING && reason == VIR_DOMAIN_RUNNING_POSTCOPY) return Presence::arriving;
  return Presence::here;
}

std::string Connection::uri() const {
  char* text = state_->library->virConnectGetURI(state_->get());
  if (text == nullptr) throw state_->library->failure("cannot ask libvirt for its URI");
  return taken(text);
}

Libvirt Connection::version() const {
  unsigned long number = 0;
  if (state_->library->virConnectGetLibVersion(state_->get(), &number) < 0)
    throw state_->library->failure("cannot ask " + uri() + " for its version");
  return static_cast<Libvirt>(number / 1000);
}

std::string Connection::host_arch() const {
  virNodeInfo info{};
  if (state_->library->virNodeGetInfo(state_->get(), &info) < 0)
    throw state_->library->failure("cannot ask " + uri() + " for its architecture");
  return info.model;
}

std::vector<Network> Connection::networks() const {
  virNetworkPtr* list = nullptr;
  const int count = state_->library->virConnectListAllNetworks(state_->get(), &list, 0);
  if (count < 0 && !means_unable(state_->library->virGetLastErrorCode()))
    throw state_->library->failure("cannot list the networks of " + uri());
  auto all = taken_list(list, count, [&](virNetworkPtr raw) { return make_network(state_->library, raw); });
  std::ranges::sort(all, {}, &Network::name);
  return all;
}

std::shared_ptr<void> Connection::network(const std::string& name) const {
  const Lib& lib = state_->library;
  virNetworkPtr raw = lib->virNetworkLookupByName(state_->get(), name.c_str());
  if (raw == nullptr) throw lib->failure("cannot find network " + name);
  return {raw, [lib](void* network) { lib->virNetworkFree(static_cast<virNetworkPtr>(network)); }};
}

std::string Connection::network_xml(const std::string& name) const {
  const std::shared_ptr<void> handle = network(name);
  char* text = state_->library->virNetworkGetXMLDesc(static_cast<virNetworkPtr>(handle.get()), 0);
  if (text == nullptr) throw state_->library->failure("cannot read network " + name);
  return taken(text);
}

std::vector<GuestAddress> Connection::addresses(const Guest& guest, AddressSource source) const {
  constexpr std::array<unsigned, 3> numbers{VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_LEASE,
                                            VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_AGENT,
                                            VIR_DOMAIN_INTERFACE_ADDRESSES_SRC_ARP};
  const Lib& lib = state_->library;
  virDomainInterfacePtr* list = nullptr;
  const int count = lib->virDomainInterfaceAddresses(pointer(guest), &list,
                                                     numbers.at(static_cast<std::size_t>(source)), 0);
  const auto interfaces = taken_list(list, count, [&](virDomainInterfacePtr raw) {
    return std::shared_ptr<virDomainInterface>(raw, lib->virDomainInterfaceFree);
  });
  std::vector<GuestAddress> found;
  for (const auto& interface : interfaces)
    for (const virDomainIPAddress& each : std::span(interface->addrs, interface->naddrs))
      found.push_back(make_address(interface->hwaddr, each.addr, each.prefix, source));
  return found;
}

std::string Connection::xml(const Guest& guest, View view, bool secure) const {
  unsigned flags = secure ? VIR_DOMAIN_XML_SECURE : 0;
  if (view == View::config) flags |= VIR_DOMAIN_XML_INACTIVE;
  char* text = state_->library->virDomainGetXMLDesc(pointer(guest), flags);
  if (text == nullptr) throw state_->library->failure(cannot("read", view, guest));
  return taken(text);
}

void Connection::define(const std::string& xml, bool validate) const {
  virDomainPtr raw = state_->library->virDomainDefineXMLFlags(state_->get(), xml.c_str(),
                                                              validate ? VIR_DOMAIN_DEFINE_VALIDATE : 0);
  if (raw == nullptr) throw state_->library->failure("cannot define the domain");
  state_->library->virDomainFree(raw);
}

void Connection::attach(const Guest& guest, const std::string& device, View view) const {
  if (state_->library->virDomainAttachDeviceFlags(pointer(guest), device.c_str(), affect(view)) == 0) return;
  const bool full = tells_no_free_slot(state_->library->virGetLastErrorMessage());
  throw state_->library->failure(cannot("attach to", view, guest), full ? std::string(more_slots) : "",
                                 full ? "no-free-slot" : "");
}

void Connection::detach(const Guest& guest, const std::string& device, View view) const {
  if (state_->library->virDomainDetachDeviceFlags(pointer(guest), device.c_str(), affect(view)) < 0)
    throw state_->library->failure(cannot("detach from", view, guest));
}

std::optional<std::string> Connection::update(const Guest& guest, const std::string& device,
                                              View view) const {
  if (state_->library->virDomainUpdateDeviceFlags(pointer(guest), device.c_str(), affect(view)) == 0)
    return std::nullopt;
  const int code = state_->library->virGetLastErrorCode();
  std::string reason(trim(state_->library->virGetLastErrorMessage()));
  // It finds an interface by its alias and address, too: with others of them it finds none.
  if (means_unable(code) || code == VIR_ERR_DEVICE_MISSING || cannot_move_port(code, reason)) return reason;
  throw state_->library->failure(cannot("update an interface of", view, guest));
}

}  // namespace virt_iface
