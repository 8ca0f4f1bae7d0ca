// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/spec.hpp"

#include <gtest/gtest.h>

#include "unit/told.hpp"

namespace virt_iface {
namespace {

using test::in_words;

Spec read(const std::string& text, SpecRules rules = {}) {
  return read_spec(parse_conf(text, "t.conf"), rules);
}

/// Everything that reading `text` tells, or empty.
std::string told(const std::string& text, SpecRules rules = {}) {
  return test::told_by([&] { read(text, rules); });
}

/// The first lines only, without source line and caret.
std::string told_in_short(const std::string& text) {
  try {
    read(text);
    return {};
  } catch (const Error& error) {
    std::string out;
    for (Message message : error.messages()) {
      message.place.source_line.clear();
      out += format(message, {});
    }
    return out;
  }
}

/// A macvtap interface with one more line.
std::string macvtap_with(const std::string& line) {
  return told_in_short("[interfaces.0]\ntype = macvtap\nname = eth0\nmode = bridge\n" + line + "\n");
}

std::string with(const std::string& type, const std::string& lines) {
  return told_in_short("[interfaces.0]\ntype = " + type + "\nname = x0\n" + lines + "\n");
}

TEST(ReadSpec, ReadsProposalTwo) {
  const Spec spec = read(
      "[main]\nnetworks = default, lan,\n\n[interfaces]\n[interfaces.0]\ntype = ovs\nname = vswitch0\nmode = "
      "NA\n"
      "[interfaces.1]\ntype = macvtap\nname = eth0\nmode = bridge\n");
  EXPECT_EQ(in_words(*spec.networks), "type=network source=default \ntype=network source=lan \n");
  EXPECT_EQ(in_words(spec.interfaces),
            "type=ovs source=vswitch0 \n"
            "type=macvtap source=eth0 mode=bridge \n");
  EXPECT_EQ(spec.networks->at(0).place.line, 2U);
  EXPECT_EQ(spec.interfaces.at(0).place.line, 5U);
}

TEST(ReadSpec, ReadsProposalOne) {
  const Spec spec = read(
      "[interfaces]\n[interfaces.0]\ntype = network\nsource = default, lan\nmode = NA\n"
      "[interfaces.1]\ntype = macvtap\nsource = bond0,eth1\nmode = vepa\n");
  EXPECT_FALSE(spec.has_main);
  EXPECT_FALSE(spec.networks.has_value());
  EXPECT_EQ(in_words(spec.interfaces),
            "type=network source=default \ntype=network source=lan \n"
            "type=macvtap source=bond0 mode=vepa \ntype=macvtap source=eth1 mode=vepa \n");
}

TEST(ReadSpec, TakesEverySpellingOfAHeading) {
  for (const char* heading :
       {"[interfaces.7]\n", "[interfaces]\n[interfaces.7]\n", "[interfaces]\n[[interfaces.7]]\n",
        "[interfaces]\n[[interface.7]]\n", "[interfaces]\n[[7]]\n"}) {
    const Spec spec = read(std::string(heading) + "type = bridge\nname = br0\n");
    EXPECT_EQ(in_words(spec.interfaces), "type=bridge source=br0 \n") << heading;
  }
}

TEST(ReadSpec, OrdersInterfacesByNumber) {
  const Spec spec = read(
      "[interfaces.10]\ntype = bridge\nname = c\n[interfaces.9]\ntype = bridge\nname = b\n"
      "[interfaces.0]\ntype = bridge\nname = a\n");
  EXPECT_EQ(in_words(spec.interfaces),
            "type=bridge source=a \ntype=bridge source=b \ntype=bridge source=c \n");
}

TEST(ReadSpec, TakesSynonymsOfTypesAndKeys) {
  const Spec spec = read(
      "[interfaces.0]\ntype = direct\nsource = eth0\nname = eth0\nmode = private\nmodel.type = e1000\n"
      "mac.address = 52:54:00:AB:CD:EF\n[interfaces.1]\ntype = virtualnetwork\nname = lan\n");
  EXPECT_EQ(in_words(spec.interfaces),
            "type=macvtap mac=52:54:00:ab:cd:ef source=eth0 mode=private model=e1000 \n"
            "type=network source=lan \n");
}

TEST(ReadSpec, ReadsTheFirstMail) {
  const Spec spec = read(
      "[interfaces.0]\ntype = direct\ninterface = eth0\nmode = vepa\n[interfaces.1]\ntype = bridge\n"
      "interface = vswitch0\n[interfaces.2]\ntype = network\ninterface = default\n",
      {.dialect = Dialect::mail1});
  EXPECT_EQ(in_words(spec.interfaces),
            "type=macvtap source=eth0 mode=vepa \ntype=ovs source=vswitch0 \ntype=network source=default \n");
  const Spec reply = read(
      "[interfaces.0]\ntype = virtualnetwork\ninterface = lan\n[interfaces.1]\ntype = ovs\ninterface = vs0\n",
      {.dialect = Dialect::mail1});
  EXPECT_EQ(in_words(reply.interfaces), "type=network source=lan \ntype=ovs source=vs0 \n");
}

TEST(ReadSpec, PassesKimchisOwnSectionsOver) {
  const Spec spec = read(
      "# Kimchi\n[main]\nname = x\nnetworks = default,\n[memory]\ncurrent = 1024\n[storage]\n[[disk.0]]\n"
      "#size = 10\npool = default\n[graphics]\ntype = vnc\nlisten = 127.0.0.1\n[processor]\nvcpus = 1\n");
  EXPECT_EQ(in_words(*spec.networks), "type=network source=default \n");
}

TEST(ReadSpec, PassesSectionsOfOtherReadersOver) {
  constexpr std::string_view hooks[] = {"hook", "guest."};
  const std::string text = "[hook]\ncheck = warn\n[guest.web1]\nexempt = yes\n";
  EXPECT_EQ(told(text, {.other_sections = {std::begin(hooks), std::end(hooks)}}), "");
  EXPECT_EQ(told_in_short(text),
            "t.conf:1: error: unknown section [hook]\n"
            "t.conf:3: error: unknown section [guest.web1]\n");
}

TEST(ReadSpec, KeepsNamesOfNetworksAsTheyAre) {
  const Spec spec = read("[main]\nnetworks = kīмсhī-пet, <!nat-network>&\n");
  EXPECT_EQ(in_words(*spec.networks),
            "type=network source=kīмсhī-пet \ntype=network source=<!nat-network>& \n");
}

TEST(Wanted, ImpliesTheDefaultNetwork) {
  const std::string network = "type=network source=default \n";
  EXPECT_EQ(in_words(wanted(read("[main]\n"), "x86_64", true)), network);
  EXPECT_EQ(in_words(wanted(read("[main]\n"), "x86_64", false)), "");
  EXPECT_EQ(in_words(wanted(read("[main]\n"), "s390x", true)), "");
  EXPECT_EQ(in_words(wanted(read("[main]\n"), "s390", true)), "");
  EXPECT_EQ(in_words(wanted(read("[main]\nnetworks =\n"), "x86_64", true)), "");
  EXPECT_EQ(in_words(wanted(read("[interfaces]\n"), "x86_64", true)), "");
}

TEST(Wanted, PutsNetworksFirst) {
  const std::string ovs = "[interfaces.0]\ntype = ovs\nname = v0\n";
  const std::string lan = "[interfaces.1]\ntype = network\nname = lan\n";
  EXPECT_EQ(in_words(wanted(read("[main]\n" + ovs), "x86_64", true)),
            "type=network source=default \ntype=ovs source=v0 \n");
  EXPECT_EQ(in_words(wanted(read("[main]\n" + ovs + lan), "x86_64", true)),
            "type=ovs source=v0 \ntype=network source=lan \n");
  EXPECT_EQ(in_words(wanted(read(ovs + "[main]\nnetworks = lan\n"), "s390x", true)),
            "type=network source=lan \ntype=ovs source=v0 \n");
}

TEST(SpecFault, TellsTheNearMissOfAValue) {
  EXPECT_EQ(
      told("[interfaces.0]\ntype = macvtap\nname = eth0\nmode = vpea\n"),
      "t.conf:4: error: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean vepa?)\n"
      "mode = vpea\n"
      "       ^\n");
}

TEST(SpecFault, ComparesExactly) {
  EXPECT_EQ(told_in_short("[interfaces.0]\ntype = Macvtap\nname = eth0\nmode = bridgeX\n"),
            "t.conf:2: error: type 'Macvtap' is not one of macvtap, ovs, network, bridge, hostdev, user, "
            "ethernet, vdpa, vhostuser (did you mean macvtap?)\n"
            "t.conf:4: error: mode 'bridgeX' is not one of bridge, vepa, private, passthrough (did you mean "
            "bridge?)\n");
}

TEST(SpecFault, TellsSeveralInOneRun) {
  EXPECT_EQ(
      told("[main]\nnetwork = lan\n[interface.0]\n[interfaces.1]\nnmae = eth0\ntype = macvtap\n[storge]\n"),
      "t.conf:2: error: unknown key 'network' in [main] (did you mean networks?)\n"
      "network = lan\n"
      "^\n"
      "t.conf:3: error: unknown section [interface.0] (write [interfaces.0])\n"
      "[interface.0]\n"
      "^\n"
      "t.conf:4: error: an interface of type macvtap without a name (add name = the host interface)\n"
      "[interfaces.1]\n"
      "^\n"
      "t.conf:4: error: an interface of type macvtap without a mode (add mode = bridge, vepa, private or "
      "passthrough)\n"
      "[interfaces.1]\n"
      "^\n"
      "t.conf:5: error: unknown key 'nmae' (did you mean name?)\n"
      "nmae = eth0\n"
      "^\n"
      "t.conf:7: error: unknown section [storge] (did you mean [storage]?)\n"
      "[storge]\n"
      "^\n");
}

TEST(SpecFault, Sections) {
  EXPECT_EQ(told_in_short("[interfaces]\nname = eth0\n[[x]]\n[Interfaces.0]\n[main]\n[[interfaces.0]]\n"),
            "t.conf:2: error: key 'name' is directly in [interfaces] "
            "(put it under a heading of its own such as [interfaces.0])\n"
            "t.conf:3: error: unknown section [interfaces.x] (write [interfaces.0], with a number up to "
            "999999999)\n"
            "t.conf:4: error: unknown section [Interfaces.0] (did you mean [interfaces.0]?)\n"
            "t.conf:6: error: unknown section [main.interfaces.0] (write [interfaces.0])\n");
  EXPECT_EQ(
      told_in_short("[interfaces]\n[[0]]\ntype=ovs\nname=a\n[interfaces.00]\ntype=ovs\nname=b\n"),
      "t.conf:5: error: interface 0 stands here twice, first in line 2 (give it a number of its own)\n");
}

TEST(SpecFault, Lists) {
  EXPECT_EQ(told_in_short("[main]\nnetworks = a,,b\n"),
            "t.conf:2: error: an empty name in the list of networks (remove it)\n");
  EXPECT_EQ(
      with("ovs", "link.state = up, down"),
      "t.conf:4: error: link.state takes one value, not a list (put quotes around a value with a comma)\n");
  EXPECT_EQ(told_in_short("[interfaces.0]\ntype = ovs\nname =\n"),
            "t.conf:3: error: source has no value (give it one, or remove the key)\n");
}

TEST(SpecFault, OneKeyInTwoSpellings) {
  EXPECT_EQ(with("ovs", "source = x1"),
            "t.conf:4: error: name and source differ (keep one of them: they mean the same)\n");
  EXPECT_EQ(with("ovs", "source = x0"), "");
  EXPECT_EQ(with("ovs", "model = virtio\nmodel.type = virtio"),
            "t.conf:5: error: 'model.type' was stated before as 'model' (keep one of the two)\n");
}

TEST(SpecFault, KeysOfOtherTools) {
  EXPECT_EQ(with("ovs", "vlan = 5"), "t.conf:4: error: unknown key 'vlan' (did you mean vlan.tag?)\n");
  EXPECT_EQ(with("network", "portgroup = a"),
            "t.conf:4: error: unknown key 'portgroup' (did you mean source.portgroup?)\n");
  EXPECT_EQ(with("ovs", "link_state = up"),
            "t.conf:4: error: unknown key 'link_state' (did you mean link.state?)\n");
  EXPECT_EQ(with("ovs", "network = lan"),
            "t.conf:4: error: a network and a direct interface are asked of one (an interface is on one or "
            "the other: ask for "
            "two)\n");
  EXPECT_EQ(with("ovs", "filterref.parameter. = x"),
            "t.conf:4: error: unknown key 'filterref.parameter.' (did you mean filterref.parameter.NAME?)\n");
}

TEST(SpecFault, Mode) {
  EXPECT_EQ(
      with("ovs", "mode = bridge"),
      "t.conf:4: error: mode 'bridge' on type ovs (leave mode out, or write NA: only macvtap has modes)\n");
  EXPECT_EQ(with("network", "mode ="), "");
  EXPECT_EQ(with("macvtap", "mode = NA"),
            "t.conf:4: error: mode 'NA' is not one of bridge, vepa, private, passthrough\n");
}

TEST(SpecFault, KeysOfOtherTypes) {
  EXPECT_EQ(macvtap_with("mtu.size = 9000"),
            "t.conf:5: error: mtu.size cannot be used on type macvtap (it is for ovs, network, bridge, "
            "ethernet, vhostuser)\n");
  EXPECT_EQ(macvtap_with("filterref.filter = clean"),
            "t.conf:5: error: filterref.filter cannot be used on type macvtap (it is for network, bridge, "
            "ethernet)\n");
  EXPECT_EQ(with("ovs", "port.isolated = yes"),
            "t.conf:4: error: port.isolated cannot be used on type ovs (it is for network, bridge)\n");
  EXPECT_EQ(with("bridge", "vlan.tag = 0"),
            "t.conf:4: error: VLAN 0 on type bridge (Linux bridges have VLANs 1 to 4094)\n");
  EXPECT_EQ(with("bridge", "source.portgroup = a"),
            "t.conf:4: error: source.portgroup cannot be used on type bridge (it is for network)\n");
  EXPECT_EQ(with("ovs", "trustGuestRxFilters = yes"),
            "t.conf:4: error: trustGuestRxFilters cannot be used on type ovs (it is for macvtap, network)\n");
}

TEST(SpecFault, Vlan) {
  EXPECT_EQ(macvtap_with("vlan.tag = 5"),
            "t.conf:5: error: vlan.tag on type macvtap needs mode passthrough "
            "(use mode = passthrough, or as name a VLAN device of the host)\n");
  EXPECT_EQ(with("macvtap", "mode = passthrough\nvlan.tag = 5"), "");
  EXPECT_EQ(with("macvtap", "mode = passthrough\nvlan.tag = 5,6"),
            "t.conf:5: error: vlan.tag makes a trunk, which type macvtap cannot carry (state one VLAN)\n");
  EXPECT_EQ(with("ovs", "vlan.tag = 0, 4095\nvlan.trunk = yes\nvlan.native = untagged:4095"), "");
  EXPECT_EQ(with("ovs", "vlan.tag = 4096"),
            "t.conf:4: error: vlan.tag '4096' is not a number from 0 to 4095\n");
  EXPECT_EQ(with("ovs", "vlan.tag = 5, 5"), "t.conf:4: error: vlan.tag '5,5' names 5 twice\n");
  EXPECT_EQ(with("ovs", "vlan.trunk = yes"),
            "t.conf:4: error: vlan.trunk without vlan.tag (add vlan.tag = the VLANs)\n");
  EXPECT_EQ(with("ovs", "vlan.tag = 5\nvlan.native = tagged:6"),
            "t.conf:5: error: the native VLAN 6 is not in vlan.tag (add it to vlan.tag)\n");
  EXPECT_EQ(with("ovs", "vlan.tag = 5\nvlan.native = 5"),
            "t.conf:5: error: vlan.native '5' is not tagged:ID or untagged:ID "
            "(write untagged:42 if 42 is the native VLAN)\n");
}

TEST(SpecFault, Virtualport) {
  EXPECT_EQ(with("ovs", "virtualport.parameters.profileid = p"), "");
  EXPECT_EQ(with("ovs", "virtualport.type = midonet"),
            "t.conf:4: error: virtualport.type 'midonet' cannot be used on type ovs\n");
  EXPECT_EQ(with("bridge", "virtualport.type = openvswitch"),
            "t.conf:4: error: virtualport.type 'openvswitch' on type bridge (write type = ovs)\n");
  EXPECT_EQ(
      macvtap_with("virtualport.type = 802.1Qbh"),
      "t.conf:5: error: virtualport.type '802.1Qbh' without virtualport.parameters.profileid (add it)\n");
  EXPECT_EQ(
      macvtap_with("virtualport.parameters.profileid = x"),
      "t.conf:5: error: virtualport.parameters.profileid without virtualport.type (add virtualport.type)\n");
  EXPECT_EQ(with("network", "virtualport.type = openvswitch\nvirtualport.parameters.managerid = 1"),
            "t.conf:5: error: virtualport.parameters.managerid cannot be used with a virtual port of type "
            "openvswitch\n");
  EXPECT_EQ(with("ovs", "virtualport.parameters.interfaceid = 1234"),
            "t.conf:4: error: virtualport.parameters.interfaceid '1234' is not a UUID "
            "(write 8-4-4-4-12 hexadecimal digits)\n");
}

TEST(SpecFault, Mac) {
  EXPECT_EQ(
      with("ovs", "mac = 53:54:00:00:00:01"),
      "t.conf:4: error: mac '53:54:00:00:00:01' is a multicast address (the second digit must be even)\n");
  EXPECT_EQ(with("ovs", "mac = 52-54-00-AB-00-01"),
            "t.conf:4: error: mac '52-54-00-AB-00-01' is not six pairs joined by colons (write "
            "52:54:00:ab:00:01)\n");
  EXPECT_EQ(with("ovs", "mac = 52:54:00:00:01"),
            "t.conf:4: error: mac '52:54:00:00:01' is not a MAC address of six pairs "
            "(write it like 52:54:00:12:34:56, or stable)\n");
  EXPECT_EQ(with("ovs", "mac = stable\nmac.seed = uuid\nmac.prefix = 02"), "");
  EXPECT_EQ(with("ovs", "mac.seed = uuid"),
            "t.conf:4: error: mac.seed without mac = stable (add mac = stable)\n");
  EXPECT_EQ(told_in_short("[interfaces.0]\ntype=ovs\nname=a,b\nmac=52:54:00:00:00:01\n"),
            "t.conf:4: error: mac '52:54:00:00:00:01' is given to two interfaces (give each its own)\n");
  EXPECT_EQ(told_in_short("[interfaces.0]\ntype=ovs\nname=a,b\nmac=stable\n"), "");
}

TEST(SpecFault, Names) {
  EXPECT_EQ(
      told_in_short("[interfaces.0]\ntype = ovs\nname = br 0, -x, sixteen-bytes-xx, a&b\n"),
      "t.conf:3: error: Open vSwitch bridge 'br 0' holds a character that libvirt does not take "
      "(use letters, digits and _ . : / \\ -)\n"
      "t.conf:3: error: Open vSwitch bridge '-x' is not the name of an interface\n"
      "t.conf:3: error: Open vSwitch bridge 'sixteen-bytes-xx' is longer than 15 bytes (use a shorter name)\n"
      "t.conf:3: error: Open vSwitch bridge 'a&b' holds a character that libvirt does not take "
      "(use letters, digits and _ . : / \\ -)\n");
  EXPECT_EQ(told_in_short("[interfaces.0]\ntype = bridge\nname = VM Network, -x, sixteen-bytes-xx, a&b\n"),
            "t.conf:3: error: Linux bridge 'a&b' holds a character that libvirt does not take "
            "(use letters, digits and _ . : / \\ -)\n");
  EXPECT_EQ(with("ovs", "target.dev = vnet3"),
            "t.conf:4: error: target.dev 'vnet3' is a name that libvirt gives itself, and drops here "
            "(use another, or leave it out)\n");
  EXPECT_NE(with("ovs", "target.dev = vnet-web"), "");  // whatever stands behind the prefix
  EXPECT_EQ(with("ovs", "target.dev = vnat3"), "");
  EXPECT_EQ(with("ovs", "alias.name = net0"),
            "t.conf:4: error: alias.name 'net0' does not begin with ua- (write ua-net0)\n");
}

TEST(SpecFault, Numbers) {
  EXPECT_EQ(with("ovs", "boot.order = 0"),
            "t.conf:4: error: boot.order '0' is not a number from 1 to 2147483647\n");
  EXPECT_EQ(with("ovs", "driver.rx_queue_size = 300"),
            "t.conf:4: error: driver.rx_queue_size '300' is not a power of two\n");
  EXPECT_EQ(with("ovs", "address.type = pci\naddress.slot = 0x20"),
            "t.conf:5: error: address.slot '0x20' is not a number from 0 to 31 (0x1f) "
            "(write it in decimal, or in hexadecimal with 0x)\n");
  EXPECT_EQ(with("ovs", "rom.file = x"),
            "t.conf:4: error: rom.file 'x' is not an absolute path (begin it with /)\n");
}

TEST(SpecFault, Bandwidth) {
  EXPECT_EQ(with("network", "bandwidth.inbound = 1000,5000,1024,floor=200"), "");
  EXPECT_EQ(with("network", "bandwidth.outbound = 1000,floor=200"),
            "t.conf:4: error: bandwidth.outbound '1000,floor=200' states a floor "
            "(remove it: it is for bandwidth.inbound of type network)\n");
  EXPECT_EQ(with("ovs", "bandwidth.inbound = 1000,fast"),
            "t.conf:4: error: bandwidth.inbound '1000,fast' holds 'fast', which is not a number from 1 to "
            "4294967295 "
            "(write average,peak,burst in KiB/s and KiB)\n");
  EXPECT_EQ(with("ovs", "bandwidth.inbound = 1,2,3,4"),
            "t.conf:4: error: bandwidth.inbound '1,2,3,4' is not average[,peak[,burst]][,floor=N] "
            "(write 1000,5000,1024)\n");
}

TEST(SpecFault, Companions) {
  EXPECT_EQ(with("network", "teaming.persistent = ua-a"),
            "t.conf:4: error: teaming.persistent without teaming.type = transient (add teaming.type = "
            "transient)\n");
  EXPECT_EQ(with("network", "filterref.parameter.IP = 10.0.0.1"),
            "t.conf:4: error: filterref.parameter.IP without filterref.filter (add filterref.filter)\n");
  EXPECT_EQ(with("ovs", "address.bus = 1"),
            "t.conf:4: error: address.bus without address.type = pci (add address.type = pci)\n");
  EXPECT_EQ(with("ovs", "address.type = ccw\naddress.devno = 1"),
            "t.conf:4: error: a ccw address without its three parts "
            "(add address.cssid, address.ssid and address.devno)\n");
  EXPECT_EQ(with("ovs", "model = e1000\ndriver.queues = 4"),
            "t.conf:5: error: driver.queues on model 'e1000', which libvirt would drop (it needs model = "
            "virtio)\n");
}

TEST(SpecFault, Retarget) {
  EXPECT_EQ(told_in_short("[retarget]\neth0 =\nmacvtp:eth1 = bond0\nmacvtap:eth2 = x\ndirect:eth2 = y\n"),
            "t.conf:2: error: a map without a name (write eth0=bond0, or macvtap:eth0=ovs:vswitch0)\n"
            "t.conf:3: error: type 'macvtp' is not one of macvtap, ovs, network, bridge, hostdev, user, "
            "ethernet, vdpa, vhostuser (did you mean macvtap?)\n"
            "t.conf:5: error: a second map from 'macvtap:eth2' (keep one of the two)\n");
}

TEST(ParseMap, ReadsTypesNamesAndMode) {
  const Spec spec =
      read("[retarget]\neth0 = bond0\novs:vswitch0 = macvtap:eth1:vepa\nnetwork:a:b = direct:eth2\n");
  ASSERT_EQ(spec.retarget.size(), 3U);
  EXPECT_EQ(spec.retarget[0].from, "eth0");
  EXPECT_EQ(spec.retarget[0].to, "bond0");
  EXPECT_EQ(spec.retarget[0].from_type + spec.retarget[0].to_type + spec.retarget[0].to_mode, "");
  EXPECT_EQ(spec.retarget[1].from_type, "ovs");
  EXPECT_EQ(spec.retarget[1].to_type, "macvtap");
  EXPECT_EQ(spec.retarget[1].to, "eth1");
  EXPECT_EQ(spec.retarget[1].to_mode, "vepa");
  EXPECT_EQ(spec.retarget[2].from, "a:b");
  EXPECT_EQ(parse_map("macvtap:eth0=ovs:v0", "--map").to, "v0");
}

}  // namespace
}  // namespace virt_iface
