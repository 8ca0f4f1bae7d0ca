// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/sources.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "support/namespace.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

Nic device(const std::string& name, NicKind kind, const std::string& master = {}) {
  Nic nic;
  nic.name = name;
  nic.kind = kind;
  nic.master = master;
  nic.state = "up";
  nic.mtu = 1500;
  return nic;
}

/// As read_host gives it, sorted by name.
Host host() {
  Host host;
  host.nics = {device("bond0", NicKind::bond),        device("br0", NicKind::bridge),
               device("eth0", NicKind::nic),          device("eth1", NicKind::nic, "br0"),
               device("eth2", NicKind::nic, "bond0"), device("lo", NicKind::loopback),
               device("vnet0", NicKind::tap, "br0"),  device("vswitch0", NicKind::tap)};
  host.ovs_bridges = {"vswitch0"};
  return host;
}

std::string told(std::string_view type, std::string_view name) {
  std::string text;
  for (const Message& message : check_source(host(), type, name)) text += format(message, {});
  return text;
}

std::vector<std::string> names(std::string_view type) {
  std::vector<std::string> names;
  for (const Source& source : host_sources(host(), type)) names.push_back(source.name);
  return names;
}

TEST(HostSources, AreOfTheTypeAskedFor) {
  EXPECT_EQ(names("macvtap"), (std::vector<std::string>{"bond0", "eth0"}));
  EXPECT_EQ(names("bridge"), std::vector<std::string>{"br0"});
  EXPECT_EQ(names("ovs"), std::vector<std::string>{"vswitch0"});
}

/// A card with two virtual functions, one of which vfio has, and a disk controller.
class Functions : public ::testing::Test {
 protected:
  Functions() {
    add("0000:3b:00.0", "0x020000", "mlx5_core", "ens1f0");
    std::ofstream(devices_ / "0000:3b:00.0/sriov_totalvfs") << "8\n";
    add("0000:3b:10.0", "0x020000", "vfio-pci", "");
    add("0000:3b:10.1", "0x020000", "mlx5_core", "ens1f0v1");
    add("0000:00:1f.2", "0x010601", "ahci", "");
    for (const char* function : {"0000:3b:10.0", "0000:3b:10.1"})
      fs::create_symlink("../0000:3b:00.0", devices_ / function / "physfn");
  }
  ~Functions() override { fs::remove_all(root_); }

  void add(const std::string& address, const std::string& kind, const std::string& driver,
           const std::string& device) {
    const fs::path directory = devices_ / address;
    fs::create_directories(directory);
    std::ofstream(directory / "class") << kind << '\n';
    fs::create_symlink("../../drivers/" + driver, directory / "driver");
    if (device.empty()) return;
    fs::create_directories(directory / "net" / device);
    fs::create_directories(root_ / "class/net" / device);
    std::ofstream(root_ / "class/net" / device / "operstate") << "up\n";
    std::ofstream(root_ / "class/net" / device / "address") << "02:00:00:00:00:01\n";
  }

  std::string told(std::string_view type, std::string_view name) const {
    std::string text;
    for (const Message& message : check_source({.root = root_}, type, name)) text += format(message, {});
    return text;
  }

  fs::path root_ = fs::temp_directory_path() / ("functions-" + std::to_string(getpid()));
  fs::path devices_ = root_ / "bus/pci/devices";
};

TEST_F(Functions, AreListedWithTheirCardDriverAndDevice) {
  std::string text;
  for (const Source& s : host_sources({.root = root_}, "hostdev"))
    text += s.name + ' ' + s.kind + ' ' + s.state + ' ' + s.mac + ' ' + s.driver + ' ' + s.note + '\n';
  EXPECT_EQ(text,
            "0000:3b:00.0 pf up 02:00:00:00:00:01 mlx5_core device ens1f0\n"
            "0000:3b:10.0 vf   vfio-pci of ens1f0 (0000:3b:00.0)\n"
            "0000:3b:10.1 vf up 02:00:00:00:00:01 mlx5_core of ens1f0 (0000:3b:00.0), device ens1f0v1\n");
  EXPECT_TRUE(host_sources({.root = "/nowhere"}, "hostdev").empty());
}

TEST_F(Functions, AreLookedFor) {
  const auto says = [&](std::string_view type, const std::string& name, std::string_view what) {
    EXPECT_NE(told(type, name).find(what), std::string::npos) << told(type, name);
  };
  EXPECT_EQ(told("hostdev", "0000:3b:10.1"), "");
  says("hostdev", "0000:3b:10.7", "error: this host has no PCI function '0000:3b:10.7' (");
  says("vdpa", "/dev/no-such-vdpa", "error: this host has no vDPA device '/dev/no-such-vdpa'");
  says("vhostuser", (root_ / "sock").string(), "sock' is not there yet (the switch makes it");
  says("vhostuser", "/no/such/sock", "error: this host has no directory '/no/such' for the socket");
  EXPECT_EQ(told("user", ""), "");
}

TEST(HostSources, OfTheRealHostAreFound) {
  if (!test::may_unshare()) GTEST_SKIP() << "needs root and ip";
  test::in_own_network([] {
    test::must_run("ip", {"link", "add", "br7", "mtu", "1400", "type", "bridge"});
    const std::vector<Source> sources = host_sources(read_host(false), "bridge");
    ASSERT_EQ(sources.size(), 1U);
    EXPECT_EQ(sources[0].name, "br7");
    EXPECT_EQ(sources[0].kind, "bridge");
    EXPECT_EQ(sources[0].state, "down");
    EXPECT_EQ(sources[0].mtu, 1400U);
  });
}

TEST(CheckSource, WantsALinuxBridgeToFilterVlans) {
  Host host;
  host.nics = {{.name = "br7", .kind = NicKind::bridge},
               {.name = "br8", .kind = NicKind::bridge, .vlan_filtering = true}};
  EXPECT_TRUE(check_source(host, "bridge", "br7", false).empty());
  EXPECT_TRUE(check_source(host, "bridge", "br8", true).empty());
  const std::vector<Message> messages = check_source(host, "bridge", "br7", true);
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_EQ(
      format(messages[0], {}),
      "virt-iface: error: 'br7' does not filter VLANs: the guest would be on all of them (ip link set br7 "
      "type bridge vlan_filtering 1)\n");
}

TEST(CheckSource, IsSilentAboutWhatFits) {
  EXPECT_EQ(told("macvtap", "eth0"), "");
  EXPECT_EQ(told("macvtap", "bond0"), "");
  EXPECT_EQ(told("bridge", "br0"), "");
  EXPECT_EQ(told("ovs", "vswitch0"), "");
}

TEST(CheckSource, NamesTheNearMissOrWhatThereIs) {
  EXPECT_EQ(told("macvtap", "ethO"), "virt-iface: error: this host has no NIC 'ethO' (did you mean eth0?)\n");
  EXPECT_EQ(told("macvtap", "wan"), "virt-iface: error: this host has no NIC 'wan' (it has bond0, eth0)\n");
  EXPECT_EQ(told("ovs", "ovsbr"),
            "virt-iface: error: this host has no Open vSwitch bridge 'ovsbr' (it has vswitch0)\n");
  EXPECT_EQ(format(check_source({}, "bridge", "br0").at(0), {}),
            "virt-iface: error: this host has no Linux bridge 'br0' (it has none at all)\n");
}

TEST(CheckSource, TellsWhatAWrongOneIs) {
  EXPECT_EQ(told("macvtap", "br0"), "virt-iface: error: 'br0' is a Linux bridge (use type=bridge)\n");
  EXPECT_EQ(told("ovs", "br0"), "virt-iface: error: 'br0' is a Linux bridge (use type=bridge)\n");
  EXPECT_EQ(told("macvtap", "vswitch0"),
            "virt-iface: error: 'vswitch0' is an Open vSwitch bridge (use type=ovs)\n");
  EXPECT_EQ(told("bridge", "vswitch0"),
            "virt-iface: error: 'vswitch0' is an Open vSwitch bridge (use type=ovs)\n");
  EXPECT_EQ(told("bridge", "eth0"), "virt-iface: error: 'eth0' is a nic, no bridge (use type=macvtap)\n");
  EXPECT_EQ(
      told("macvtap", "eth1"),
      "virt-iface: error: 'eth1' is a port of br0, so macvtap cannot sit on it (put the interface on br0)\n");
  EXPECT_EQ(
      told("macvtap", "lo"),
      "virt-iface: error: 'lo' is a loopback, which macvtap cannot sit on (virt-iface sources --type macvtap "
      "shows what it can)\n");
}

}  // namespace
}  // namespace virt_iface
