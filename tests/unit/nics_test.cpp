// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/nics.hpp"
#include "base/text.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "support/namespace.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

TEST(DeviceName, IsWhatTheKernelTakes) {
  for (const char* good : {"eth0", "a", "bond0.100", "exactly15bytes_", "-x", "enP1p2s3;"})
    EXPECT_TRUE(is_device_name(good)) << good;
  for (const char* bad : {"", ".", "..", "sixteen_bytes_xx", "a/b", "a b", "a\nb", "a:b"})
    EXPECT_FALSE(is_device_name(bad)) << bad;
}

/// A network namespace with one device of each kind that this kernel can make.
class RealNics : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::may_unshare()) GTEST_SKIP() << "needs root";
  }

  static void make_devices() {
    for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{
             {"link", "add", "nic0", "mtu", "9000", "address", "52:54:00:00:00:01", "type", "veth", "peer",
              "name", "port0"},
             {"link", "add", "br0", "type", "bridge"},
             {"link", "set", "port0", "master", "br0"},
             {"link", "add", "link", "nic0", "name", "mv0", "type", "macvtap", "mode", "bridge"},
             {"tuntap", "add", "tap0", "mode", "tap"}})
      test::must_run("ip", words);
  }
};

TEST_F(RealNics, AreToldApart) {
  test::in_own_network([] {
    make_devices();
    const auto kind = [](const char* name) { return find_nic(name)->kind; };
    EXPECT_EQ(kind("nic0"), NicKind::nic);
    EXPECT_EQ(kind("br0"), NicKind::bridge);
    EXPECT_EQ(kind("mv0"), NicKind::macvtap);
    EXPECT_EQ(kind("tap0"), NicKind::tap);
    EXPECT_EQ(kind("lo"), NicKind::loopback);
    EXPECT_EQ(find_nic("port0")->master, "br0");
    EXPECT_EQ(find_nic("nic1"), std::nullopt);
    EXPECT_EQ(find_nic("../net/nic0"), std::nullopt);
  });
}

TEST_F(RealNics, OnlyThoseThatAreNobodysPortCarryMacvtap) {
  test::in_own_network([] {
    make_devices();
    std::vector<std::string> carriers;
    for (const Nic& nic : all_nics())
      if (carries_macvtap(nic) && !nic.name.starts_with("ifb")) carriers.push_back(nic.name);
    EXPECT_EQ(carriers, std::vector<std::string>{"nic0"});
    // The kernel is of the same mind about the bridge's port.
    EXPECT_ANY_THROW(
        test::must_run("ip", {"link", "add", "link", "port0", "name", "mv1", "type", "macvtap"}));
  });
}

TEST_F(RealNics, TellMtuAddressAndState) {
  test::in_own_network([] {
    make_devices();
    const Nic nic = *find_nic("nic0");
    EXPECT_EQ(nic.mtu, 9000U);
    EXPECT_EQ(nic.mac, "52:54:00:00:00:01");
    EXPECT_FALSE(nic.up);
    EXPECT_EQ(nic.state, "down");
    EXPECT_EQ(nic.speed, std::nullopt);
  });
}

TEST_F(RealNics, CanBeSetUp) {
  test::in_own_network([] {
    make_devices();
    set_up("port0");
    set_up("nic0");
    EXPECT_TRUE(find_nic("nic0")->up);
    // The kernel looks at links now and then, not at once.
    for (int tries = 0; tries < 500 && find_nic("nic0")->state != "up"; ++tries)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    EXPECT_EQ(find_nic("nic0")->state, "up");
    EXPECT_EQ(find_nic("nic0")->speed, 10000U);  // what veth says once it runs
    try {
      set_up("nic1");
      FAIL();
    } catch (const Error& error) {
      EXPECT_STREQ(error.what(), "cannot set nic1 up: No such device");
    }
  });
}

/// Kinds that need hardware or modules, as the kernel shows them (bond and VLAN of Linux 6.1, qeth of 5.14).
class SysfsTree : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = fs::temp_directory_path() / "virt-iface-sysfs-XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { fs::remove_all(root_); }

  fs::path device(const std::string& name, const std::string& type = {}) const {
    const fs::path path = root_ / "class/net" / name;
    fs::create_directories(path);
    write(path / "type", "1");
    write(path / "uevent", (type.empty() ? "" : "DEVTYPE=" + type + "\n") + "INTERFACE=" + name);
    return path;
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text << '\n'; }

  fs::path root_;
};

TEST_F(SysfsTree, BondCarriesMacvtapAndItsPortDoesNot) {
  fs::create_directory(device("bond0", "bond") / "bonding");
  write(root_ / "class/net/bonding_masters", "bond0");
  fs::create_symlink("../bond0", device("eth0") / "master");
  const std::vector<Nic> nics = all_nics(root_);
  ASSERT_EQ(nics.size(), 2U);
  EXPECT_EQ(nics[0].kind, NicKind::bond);
  EXPECT_TRUE(carries_macvtap(nics[0]));
  EXPECT_EQ(nics[1].master, "bond0");
  EXPECT_FALSE(carries_macvtap(nics[1]));
}

TEST_F(SysfsTree, VlanCarriesMacvtap) {
  device("eth0.100", "vlan");
  EXPECT_EQ(find_nic("eth0.100", root_)->kind, NicKind::vlan);
  EXPECT_TRUE(carries_macvtap(*find_nic("eth0.100", root_)));
}

TEST_F(SysfsTree, BridgeSaysWhetherItFiltersVlans) {
  for (const char* name : {"br0", "br1"}) fs::create_directory(device(name, "bridge") / "bridge");
  write(root_ / "class/net/br0/bridge/vlan_filtering", "0");
  write(root_ / "class/net/br1/bridge/vlan_filtering", "1");
  EXPECT_FALSE(find_nic("br0", root_)->vlan_filtering);
  EXPECT_TRUE(find_nic("br1", root_)->vlan_filtering);
}

TEST_F(SysfsTree, OpenVSwitchPortAndWirelessDoNot) {
  fs::create_symlink("../ovs-system", device("eth0") / "master");
  device("ovs-system");
  device("wlan0", "wlan");
  for (const Nic& nic : all_nics(root_)) EXPECT_FALSE(carries_macvtap(nic)) << nic.name;
}

TEST_F(SysfsTree, PortOfAVrfDoes) {
  device("red", "vrf");
  fs::create_symlink("../red", device("eth0") / "master");
  EXPECT_TRUE(carries_macvtap(*find_nic("eth0", root_)));
}

TEST_F(SysfsTree, DriverIsThatOfTheHardware) {
  const fs::path nic = device("eth0");
  fs::create_directory(nic / "device");
  fs::create_symlink("../../../bus/virtio/drivers/virtio_net", nic / "device/driver");
  device("dummy0");
  EXPECT_EQ(find_nic("eth0", root_)->driver, "virtio_net");
  EXPECT_EQ(find_nic("dummy0", root_)->driver, "");
}

TEST_F(SysfsTree, QethWithoutLayer2IsTold) {
  const fs::path deaf = device("enc600");
  fs::create_directory(deaf / "device");
  write(deaf / "device/layer2", "0");
  const fs::path sound = device("enc700");
  fs::create_directory(sound / "device");
  write(sound / "device/layer2", "1");
  EXPECT_TRUE(find_nic("enc600", root_)->qeth_without_layer2);
  EXPECT_FALSE(find_nic("enc700", root_)->qeth_without_layer2);
}

TEST_F(SysfsTree, SpeedOfAPortWithoutALinkIsUnknown) {
  write(device("eth0") / "speed", "-1");
  write(device("eth1") / "speed", "4294967295");
  write(device("eth2") / "speed", "25000");
  EXPECT_EQ(find_nic("eth0", root_)->speed, std::nullopt);
  EXPECT_EQ(find_nic("eth1", root_)->speed, std::nullopt);
  EXPECT_EQ(find_nic("eth2", root_)->speed, 25000U);
}

TEST(AllNics, NeedsSysfs) {
  try {
    all_nics("/nowhere");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::system);
    EXPECT_STREQ(error.what(), "cannot read /nowhere/class/net: No such file or directory");
  }
}

}  // namespace
}  // namespace virt_iface
