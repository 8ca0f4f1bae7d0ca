// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/nics.hpp"
#include "base/text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "host/sources.hpp"
#include "support/namespace.hpp"
#include "unit/directory.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

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
    if (!test::may_unshare()) GTEST_SKIP() << "needs root and ip";
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

/// Kinds that need hardware or modules, as the kernel shows them (bond and VLAN of Linux 6.1).
class SysfsTree : public testing::Test {
 protected:
  fs::path device(const std::string& name, const std::string& type = {}) const {
    const fs::path path = root_ / "class/net" / name;
    fs::create_directories(path);
    write(path / "type", "1");
    write(path / "uevent", (type.empty() ? "" : "DEVTYPE=" + type + "\n") + "INTERFACE=" + name);
    return path;
  }
  static void write(const fs::path& file, const std::string& text) { std::ofstream(file) << text << '\n'; }

  test::Directory own_{};
  const fs::path& root_ = own_.path();
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

/// A card of IBM Z: OSA, HiperSockets (driver qeth) or RoCE, with its attributes as the kernel's drivers
/// write them.
class IbmZ : public SysfsTree {
 protected:
  using Attributes = std::vector<std::pair<const char*, const char*>>;

  void SetUp() override {
    SysfsTree::SetUp();
    fs::create_directories(root_ / "bus/css/devices");
  }
  fs::path card(const std::string& name, const std::string& driver, const Attributes& attributes) const {
    const fs::path path = device(name);
    fs::create_directories(path / "device/vnicc");
    fs::create_symlink("../../../bus/ccwgroup/drivers/" + driver, path / "device/driver");
    for (const auto& [attribute, value] : attributes) write(path / "device" / attribute, value);
    return path;
  }
  /// Puts `name` beneath `upper`.
  void beneath(const std::string& upper, const std::string& name) const {
    fs::create_symlink("../" + name, root_ / "class/net" / upper / ("lower_" + name));
    fs::create_symlink("../" + upper, root_ / "class/net" / name / "master");
  }
  void bridge(const std::string& name) const { fs::create_directory(device(name, "bridge") / "bridge"); }
  std::string told(std::string_view type, std::string_view name,
                   const std::vector<OvsBridge>& switches = {}) const {
    Host host = read_host(false, root_);
    host.switches = switches;
    for (const OvsBridge& bridge : switches) {
      if (!host.ovs_bridges) host.ovs_bridges.emplace();
      host.ovs_bridges->push_back(bridge.name);
    }
    std::string text;
    for (const Message& message : check_source(host, type, name)) text += format(message, {});
    return text;
  }
};

const std::vector<std::pair<const char*, const char*>> no_port{{"layer2", "1"},
                                                               {"bridge_role", "none"},
                                                               {"bridge_state", "inactive"},
                                                               {"vnicc/flooding", "0"},
                                                               {"vnicc/learning", "0"}};
const std::vector<std::pair<const char*, const char*>> active_port{{"layer2", "1"},
                                                                   {"bridge_role", "primary"},
                                                                   {"bridge_state", "active"},
                                                                   {"vnicc/flooding", "n/a (BridgePort)"},
                                                                   {"vnicc/learning", "n/a (BridgePort)"}};

TEST_F(IbmZ, CardHearsWhatItsAttributesSay) {
  const char* port = "n/a (BridgePort)";
  const char* vnicc = "n/a (VNIC characteristics)";
  const auto qeth = [](const char* role, const char* state, const char* flooding, const char* learning) {
    return Attributes{{"layer2", "1"},
                      {"bridge_role", role},
                      {"bridge_state", state},
                      {"vnicc/flooding", flooding},
                      {"vnicc/learning", learning}};
  };
  Attributes lent = qeth("none", "inactive", "n/a", "n/a");
  lent.emplace_back("card_type", "Virt.NIC QDIO");
  const std::vector<std::tuple<Attributes, Card, const char*>> cases{
      {qeth("primary", "active", port, port), Card::plain, "active bridge port"},
      {qeth("secondary", "active", port, port), Card::plain, "another that is active"},
      {qeth("secondary", "standby", port, port), Card::deaf, "one in standby"},
      {qeth("primary", "inactive", port, port), Card::deaf, "one that is inactive"},
      {qeth("none", "inactive", "n/a", "n/a"), Card::deaf, "neither, on a card without VNICC"},
      {qeth(vnicc, vnicc, "1", "1"), Card::plain, "VNICC with both"},
      {qeth(vnicc, vnicc, "1", "0"), Card::deaf, "VNICC without learning"},
      {qeth(vnicc, vnicc, "0", "1"), Card::deaf, "VNICC without flooding"},
      {Attributes{{"layer2", "0"}}, Card::layer3, "layer 3"},
      {lent, Card::plain, "lent by z/VM"}};
  int number = 600;
  for (const auto& [attributes, expected, what] : cases) {
    const std::string name = "enc" + std::to_string(number++);
    card(name, "qeth", attributes);
    EXPECT_EQ(find_nic(name, root_)->card, expected) << what;
  }
}

TEST_F(IbmZ, RoceIsOneThereOnly) {
  card("roce0", "mlx5_core", {});
  card("roce1", "mlx4_core", {});
  card("eth0", "virtio_net", {});
  EXPECT_EQ(find_nic("roce0", root_)->card, Card::roce);
  EXPECT_EQ(find_nic("roce1", root_)->card, Card::roce);
  EXPECT_EQ(find_nic("eth0", root_)->card, Card::plain);
  fs::remove_all(root_ / "bus/css");  // any other machine
  EXPECT_EQ(find_nic("roce0", root_)->card, Card::plain);
}

TEST_F(IbmZ, LinuxBridgeOverADeafCardIsWarnedOf) {
  bridge("br0");
  card("enc600", "qeth", no_port);
  beneath("br0", "enc600");
  EXPECT_EQ(told("bridge", "br0"),
            "virt-iface: warning: 'enc600' beneath 'br0' is a qeth device that is no active bridge port, nor "
            "has it VNICC "
            "flooding and learning: a guest behind it gets no frames (chzdev --by-interface enc600 "
            "bridge_role=primary, or "
            "vnicc/flooding=1 vnicc/learning=1)\n");
  EXPECT_EQ(host_sources(read_host(false, root_), "bridge").at(0).note, "enc600: qeth, no bridge port");
  bridge("br1");
  card("enc700", "qeth", active_port);
  beneath("br1", "enc700");
  EXPECT_EQ(told("bridge", "br1"), "");
  bridge("br2");
  card("enc800", "qeth", {{"layer2", "0"}});
  beneath("br2", "enc800");
  EXPECT_THAT(told("bridge", "br2"), HasSubstr("'enc800' beneath 'br2' is a qeth device without layer 2"));
}

TEST_F(IbmZ, DeafCardIsFoundBeneathABondAndAVlan) {
  for (const char* name : {"br0", "br1"}) bridge(name);
  fs::create_directory(device("bond0", "bond") / "bonding");
  device("bond0.100", "vlan");
  device("enc700.7", "vlan");
  card("enc600", "qeth", no_port);
  card("enc601", "qeth", active_port);
  card("enc700", "qeth", {{"layer2", "0"}});
  beneath("br0", "bond0.100");
  fs::create_symlink("../bond0", root_ / "class/net/bond0.100/lower_bond0");
  beneath("bond0", "enc600");
  beneath("bond0", "enc601");
  beneath("br1", "enc700.7");
  fs::create_symlink("../enc700", root_ / "class/net/enc700.7/lower_enc700");
  EXPECT_THAT(told("bridge", "br0"),
              AllOf(HasSubstr("'enc600' beneath 'br0' is a qeth device that is no active"),
                    Not(HasSubstr("enc601"))));
  EXPECT_THAT(told("bridge", "br1"), HasSubstr("'enc700' beneath 'br1' is a qeth device without layer 2"));
}

TEST_F(IbmZ, OpenVSwitchOverADeafCardIsWarnedOf) {
  const OvsPort bond{.name = "bond1", .interfaces = {"enc600", "enc601"}};
  const OvsPort patch{.name = "to-ex", .interfaces = {"to-ex"}, .peer = "br-ex"};
  const std::vector<OvsBridge> switches{
      {.name = "br-ex", .ports = {bond}},
      {.name = "br-int", .ports = {patch}},
      {.name = "vs0", .ports = {{.name = "enc700.7", .interfaces = {"enc700.7"}}}},
      {.name = "vs1", .ports = {{.name = "enc601", .interfaces = {"enc601"}}}}};
  card("enc600", "qeth", no_port);
  card("enc601", "qeth", active_port);
  card("enc700", "qeth", no_port);
  device("enc700.7", "vlan");
  fs::create_symlink("../enc700", root_ / "class/net/enc700.7/lower_enc700");
  for (const char* name : {"br-ex", "br-int"})
    EXPECT_THAT(told("ovs", name, switches), AllOf(HasSubstr("'enc600' beneath '" + std::string(name) +
                                                             "' is a qeth device that is no active"),
                                                   Not(HasSubstr("enc601"))));
  EXPECT_THAT(told("ovs", "vs0", switches), HasSubstr("'enc700' beneath 'vs0'"));
  EXPECT_EQ(told("ovs", "vs1", switches), "");
}

TEST_F(IbmZ, RoceIsNotForOpenVSwitch) {
  bridge("br0");
  card("roce0", "mlx5_core", {});
  EXPECT_THAT(
      told("ovs", "vs0", {{.name = "vs0", .ports = {{.name = "roce0", .interfaces = {"roce0"}}}}}),
      HasSubstr("note: 'roce0' beneath 'vs0' is a RoCE card: it cannot be promiscuous, and IBM supports none "
                "beneath Open vSwitch (put the interface on it by macvtap)"));
  EXPECT_EQ(told("macvtap", "roce0"), "");
  beneath("br0", "roce0");
  EXPECT_EQ(told("bridge", "br0"), "");
}

TEST_F(IbmZ, MacvtapNeedsLayer2AndNoMore) {
  fs::create_directory(device("bond0", "bond") / "bonding");
  card("enc600", "qeth", {{"layer2", "0"}});
  card("enc700", "qeth", {{"layer2", "0"}});
  card("enc800", "qeth", no_port);
  beneath("bond0", "enc700");
  EXPECT_EQ(
      told("macvtap", "enc600"),
      "virt-iface: warning: 'enc600' is a qeth device without layer 2: a guest behind it gets no frames "
      "(chzdev --by-interface enc600 layer2=1)\n");
  EXPECT_THAT(told("macvtap", "bond0"),
              HasSubstr("'enc700' beneath 'bond0' is a qeth device without layer 2"));
  EXPECT_EQ(told("macvtap", "enc800"), "");
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
