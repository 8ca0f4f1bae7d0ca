// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/nics.hpp"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <netinet/in.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <span>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

bool has(const fs::path& device, const char* name) {
  std::error_code ignored;
  return fs::exists(fs::symlink_status(device / name, ignored));
}

/// DEVTYPE of the uevent: bridge, bond, vlan, wlan, vxlan, …; empty for plain NICs and many others.
std::string device_type(const fs::path& device) {
  std::ifstream file(device / "uevent");
  constexpr std::string_view key = "DEVTYPE=";
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(key)) return line.substr(key.size());
  return {};
}

NicKind kind_of(const fs::path& device) {
  const auto type = to_number(attribute(device, "type"));
  if (type == ARPHRD_LOOPBACK) return NicKind::loopback;
  if (has(device, "bridge")) return NicKind::bridge;
  if (has(device, "bonding")) return NicKind::bond;
  if (has(device, "tun_flags")) return NicKind::tap;
  if (has(device, "macvtap")) return NicKind::macvtap;
  const std::string name = device_type(device);
  if (name == "vlan") return NicKind::vlan;
  if (name == "team") return NicKind::team;
  if (name == "macvlan") return NicKind::macvlan;
  // Open vSwitch's kernel datapath has a device of its own, which carries no traffic.
  const bool ethernet = type == ARPHRD_ETHER && name.empty() && device.filename() != "ovs-system";
  return ethernet ? NicKind::nic : NicKind::other;
}

/// The name of the device whose port this is. A VRF is no switch: a macvtap works beneath it.
std::string master_of(const fs::path& device) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(device / "master", failure);
  if (failure || device_type(device / "master") == "vrf") return {};
  return target.filename();
}

/// Values as the kernel's driver qeth writes them. What z/VM lends a guest (Virt.NIC) can be promiscuous.
Card card_of(const fs::path& card, std::string_view driver, const fs::path& root) {
  if (driver.starts_with("mlx")) return is_ibm_z(root) ? Card::roce : Card::plain;
  if (driver != "qeth") return Card::plain;
  if (attribute(card, "layer2") == "0") return Card::layer3;
  const std::string role = attribute(card, "bridge_role");
  const bool port = (role == "primary" || role == "secondary") && attribute(card, "bridge_state") == "active";
  const bool learns = attribute(card, "vnicc/flooding") == "1" && attribute(card, "vnicc/learning") == "1";
  return port || learns || attribute(card, "card_type").starts_with("Virt.NIC") ? Card::plain : Card::deaf;
}

Nic read_nic(const fs::path& device, const fs::path& root) {
  Nic nic;
  nic.name = device.filename();
  nic.kind = kind_of(device);
  nic.up = (std::strtoul(attribute(device, "flags").c_str(), nullptr, 16) & IFF_UP) != 0;
  nic.state = attribute(device, "operstate");
  // A port without a link says -1 or 4294967295, by kernel.
  const auto speed = to_number(attribute(device, "speed"));
  if (speed && *speed > 0 && *speed < UINT32_MAX) nic.speed = speed;
  nic.mtu = to_number(attribute(device, "mtu")).value_or(0);
  nic.mac = attribute(device, "address");
  std::error_code none;
  nic.driver = fs::read_symlink(device / "device/driver", none).filename();
  nic.master = master_of(device);
  nic.vlan_filtering = attribute(device / "bridge", "vlan_filtering") == "1";
  nic.card = card_of(device / "device", nic.driver, root);
  nic.lower = names_behind(device, "lower_");
  return nic;
}

/// How many bits of a mask are set from the front.
unsigned prefix_of(std::span<const unsigned char> mask) {
  unsigned bits = 0;
  for (const unsigned char byte : mask) bits += static_cast<unsigned>(std::popcount(byte));
  return bits;
}

template <typename Address, auto Member>
std::string address_text(const ifaddrs& one) {
  const auto& address = reinterpret_cast<const Address*>(one.ifa_addr)->*Member;
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (::inet_ntop(one.ifa_addr->sa_family, &address, text.data(), text.size()) == nullptr) return {};
  if (one.ifa_netmask == nullptr) return text.data();
  const auto& mask = reinterpret_cast<const Address*>(one.ifa_netmask)->*Member;
  const auto* bytes = reinterpret_cast<const unsigned char*>(&mask);
  return std::string(text.data()) + '/' + std::to_string(prefix_of({bytes, sizeof mask}));
}

std::string address_text(const ifaddrs& one) {
  if (one.ifa_addr == nullptr) return {};
  if (one.ifa_addr->sa_family == AF_INET) return address_text<sockaddr_in, &sockaddr_in::sin_addr>(one);
  if (one.ifa_addr->sa_family == AF_INET6) return address_text<sockaddr_in6, &sockaddr_in6::sin6_addr>(one);
  return {};
}

/// The addresses that the devices of this network namespace have; none where the kernel does not say.
void add_addresses(std::vector<Nic>& nics) {
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> owner(first, &::freeifaddrs);
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    const auto nic = std::ranges::find(nics, std::string_view(one->ifa_name), &Nic::name);
    if (std::string text = address_text(*one); nic != nics.end() && !text.empty())
      nic->addresses.push_back(std::move(text));
  }
}

}  // namespace

std::string_view to_string(NicKind kind) {
  constexpr std::array<std::string_view, 10> names{"nic", "bond",    "vlan",    "team",     "bridge",
                                                   "tap", "macvtap", "macvlan", "loopback", "other"};
  return names.at(static_cast<std::size_t>(kind));
}

std::string attribute(const fs::path& device, const char* name) {
  std::ifstream file(device / name);
  std::string line;
  std::getline(file, line);
  return std::string(trim(line));
}

std::vector<std::string> names_behind(const fs::path& directory, std::string_view prefix) {
  std::vector<std::string> names;
  std::error_code failure;
  for (auto entry = fs::directory_iterator(directory, failure); !failure && entry != end(entry);
       entry.increment(failure)) {
    std::string const name = entry->path().filename();
    if (name.starts_with(prefix)) names.push_back(name.substr(prefix.size()));
  }
  std::ranges::sort(names);
  return names;
}

bool is_ibm_z(const fs::path& root) {
  std::error_code ignored;
  return fs::exists(root / "bus/css", ignored);
}

std::vector<Nic> all_nics(const fs::path& root) {
  std::error_code failure;
  std::error_code ignored;
  std::vector<Nic> nics;
  for (auto entry = fs::directory_iterator(root / "class/net", failure); !failure && entry != end(entry);
       entry.increment(failure))
    // `bonding_masters` is a plain file among the devices.
    if (entry->is_directory(ignored)) nics.push_back(read_nic(entry->path(), root));
  if (failure) throw system_error("cannot read " + (root / "class/net").string(), failure.value());
  std::ranges::sort(nics, {}, &Nic::name);
  if (root == sysfs) add_addresses(nics);
  return nics;
}

std::optional<Nic> find_nic(std::string_view name, const fs::path& root) {
  if (!is_device_name(name)) return std::nullopt;
  const fs::path device = root / "class/net" / name;
  std::error_code ignored;
  if (!fs::is_directory(device, ignored)) return std::nullopt;
  return read_nic(device, root);
}

std::string kernel_name(const std::string& name) {
  std::array<char, IF_NAMESIZE> found{};
  const unsigned index = if_nametoindex(name.c_str());
  return index != 0 && if_indextoname(index, found.data()) != nullptr ? found.data() : name;
}

bool carries_macvtap(const Nic& nic) {
  const bool fit = nic.kind == NicKind::nic || nic.kind == NicKind::bond || nic.kind == NicKind::vlan ||
                   nic.kind == NicKind::team;
  return fit && nic.master.empty();
}

void set_up(const std::string& name) {
  if (!is_device_name(name)) throw Error(Exit::system, "'" + name + "' is not the name of a network device");
  const int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);  // any family takes the call
  if (handle < 0) throw system_error("cannot set " + name + " up", errno);
  ifreq request{};
  std::ranges::copy(name, std::begin(request.ifr_name));
  bool done = ioctl(handle, SIOCGIFFLAGS, &request) == 0;
  if (done) {
    request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
    done = ioctl(handle, SIOCSIFFLAGS, &request) == 0;
  }
  const int failure = errno;
  close(handle);
  if (!done) throw system_error("cannot set " + name + " up", failure);
}

}  // namespace virt_iface
