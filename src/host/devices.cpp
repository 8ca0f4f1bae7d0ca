// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/devices.hpp"

#include <linux/if_vlan.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "host/ovs.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

/// The last part of what a link leads to, or empty.
std::string linked(const fs::path& link) {
  std::error_code failure;
  const fs::path target = fs::read_symlink(link, failure);
  return failure ? std::string() : target.filename().string();
}

/// Which tag a VLAN device of this host has: sysfs does not say, and /proc/net/vlan is root's.
std::optional<unsigned> tag_of(const std::string& name) {
  Descriptor const handle(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  vlan_ioctl_args request{};
  request.cmd = GET_VLAN_VID_CMD;
  if (name.size() >= std::size(request.device1)) return std::nullopt;
  std::ranges::copy(name, std::begin(request.device1));
  if (ioctl(handle.get(), SIOCGIFVLAN, &request) != 0) return std::nullopt;
  return static_cast<unsigned>(request.u.VID);
}

std::string first_or_none(const std::vector<std::string>& names) {
  return names.empty() ? std::string() : names.front();
}

Device device_of(Nic nic, const fs::path& root) {
  const fs::path directory = root / "class/net" / nic.name;
  Device device;
  if (nic.kind == NicKind::bridge)
    device.vlan_filtering = attribute(directory / "bridge", "vlan_filtering") == "1";
  if (nic.kind == NicKind::vlan && root == sysfs) device.vlan = tag_of(nic.name);
  if (linked(directory / "device/subsystem") == "pci") device.pci = linked(directory / "device");
  device.physical = first_or_none(names_behind(directory / "device/physfn/net", ""));
  device.nic = std::move(nic);
  return device;
}

std::vector<VirtualFunction> functions_of(const std::vector<Device>& devices, const fs::path& root) {
  std::vector<VirtualFunction> all;
  for (const Device& device : devices) {
    if (device.pci.empty()) continue;
    const fs::path directory = root / "class/net" / device.nic.name / "device";
    for (const std::string& number : names_behind(directory, "virtfn"))
      all.push_back({.pci = linked(directory / ("virtfn" + number)), .physical = device.nic.name});
  }
  std::ranges::sort(all, {}, &VirtualFunction::pci);
  return all;
}

void ask_ovs(Beneath& beneath) {
  if (!OpenVSwitch::installed()) return;
  try {
    beneath.ovs = parse_ovs(OpenVSwitch().tables());
  } catch (const Error& error) {
    beneath.unseen.emplace_back(error.what());
  }
}

}  // namespace

Beneath read_beneath(const fs::path& root) {
  Beneath beneath;
  std::vector<Nic> nics = all_nics(root);
  beneath.devices.reserve(nics.size());
  for (Nic& nic : nics) beneath.devices.push_back(device_of(std::move(nic), root));
  beneath.functions = functions_of(beneath.devices, root);
  if (root == sysfs)
    ask_ovs(beneath);
  else
    beneath.unseen.push_back("Open vSwitch: " + root.string() + " is not this host's own sysfs");
  return beneath;
}

}  // namespace virt_iface
