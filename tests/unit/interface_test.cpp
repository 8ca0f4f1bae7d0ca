// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/interface.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "table/values.hpp"
#include "unit/told.hpp"

namespace virt_iface {
namespace {

using test::formatted;
using test::in_words;
using test::told_by;

std::string told_of(const std::string& option) {
  return told_by([&] { parse_interface(option, "--interface"); });
}

Interface one(const std::string& option) {
  return parse_interface(option, "--interface").at(0);
}

TEST(Keys, AreDistinctAndExplained) {
  std::set<std::string_view> names;
  for (const Key& key : keys()) {
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_TRUE(key.alias.empty() || names.insert(key.alias).second) << key.alias;
    EXPECT_FALSE(key.help.empty()) << key.name;
    EXPECT_NE(key.types, 0U) << key.name;
  }
}

TEST(Keys, FindsNamesAliasesAndFamilies) {
  EXPECT_EQ(find_key("name")->name, "source");
  EXPECT_EQ(find_key("model.type")->name, "model");
  EXPECT_EQ(find_key("filterref.parameter.IP")->name, "filterref.parameter.");
  for (const char* wrong :
       {"", "Name", "sourc", "filterref.parameter.", "filterref.parameter.a b", "driver"}) {
    EXPECT_EQ(find_key(wrong), nullptr) << wrong;
  }
}

TEST(Interface, KeepsTableOrder) {
  Interface interface;
  for (const char* key :
       {"model", "filterref.parameter.B", "type", "link.state", "source", "filterref.parameter.A"}) {
    interface.set(key, "x");
  }
  interface.set("model", "y");
  EXPECT_EQ(in_words(interface),
            "type=x source=x model=y filterref.parameter.A=x filterref.parameter.B=x link.state=x ");
  EXPECT_TRUE(interface.erase("model"));
  EXPECT_FALSE(interface.erase("model"));
  EXPECT_EQ(interface.get("model"), "");
}

TEST(WithDefaults, FollowsTheDomainType) {
  const Interface macvtap = one("type=macvtap,name=eth0,mode=bridge");
  for (const char* type : {"qemu", "kvm", "hvf", "bhyve"}) {
    EXPECT_EQ(with_defaults(macvtap, {"x86_64", type}).get("model"), "virtio") << type;
  }
  for (const char* type : {"xen", "lxc", "vz", ""}) {
    EXPECT_EQ(with_defaults(macvtap, {"x86_64", type}).find("model"), nullptr) << type;
  }
}

TEST(WithDefaults, LeavesAStatedModelAlone) {
  EXPECT_EQ(with_defaults(one("type=ovs,name=v,model=e1000"), {"x86_64", "kvm"}).get("model"), "e1000");
  EXPECT_EQ(with_defaults(one("type=ovs,name=v,model=libvirt"), {"x86_64", "kvm"}).find("model"), nullptr);
}

TEST(WithDefaults, ANetworkIsLikeTheOthers) {
  EXPECT_EQ(with_defaults(one("type=network,name=default"), {"x86_64", "kvm"}).get("model"), "virtio");
}

TEST(ParseInterface, MakesOneForEachName) {
  EXPECT_EQ(in_words(parse_interface("type=macvtap,name=eth0,eth1,mode=bridge", "--interface")),
            "type=macvtap source=eth0 mode=bridge \ntype=macvtap source=eth1 mode=bridge \n");
}

TEST(ParseInterface, ContinuesLists) {
  EXPECT_EQ(
      in_words(one("type=network,name=lan,vlan.tag=10,20,bandwidth.inbound=1000,5000,1024,floor=200")),
      "type=network source=lan vlan.tag=10,20 bandwidth.inbound.average=1000 bandwidth.inbound.peak=5000 "
      "bandwidth.inbound.floor=200 bandwidth.inbound.burst=1024 ");
  EXPECT_EQ(in_words(one("type=ovs,name=v,bandwidth.outbound=1000,burst=64,link.state=up")),
            "type=ovs source=v bandwidth.outbound.average=1000 bandwidth.outbound.burst=64 link.state=up ");
}

TEST(ParseInterface, TakesADoubledCommaAsOne) {
  EXPECT_EQ(one("type=network,name=a,,b").get("source"), "a,b");
  EXPECT_EQ(one("type=network,name=a,,").get("source"), "a,");
}

TEST(ParseInterface, NormalisesValues) {
  EXPECT_EQ(in_words(one("type=network,name=n,mac=52:54:00:AB:CD:EF,vlan.tag=007,10,mode=NA,"
                         "virtualport.parameters.interfaceid=09B11C53415811EB9F2D525400123456,"
                         "address.type=pci,address.bus=0,address.slot=31,address.function=0x0")),
            "type=network mac=52:54:00:ab:cd:ef source=n vlan.tag=7,10 "
            "virtualport.parameters.interfaceid=09b11c53-4158-11eb-9f2d-525400123456 "
            "address.type=pci address.bus=0x00 address.slot=0x1f address.function=0x0 ");
}

TEST(ParseInterfaceFault, ShowsItsPlaceByTheCaret) {
  EXPECT_EQ(told_of("type=macvtap,name=eth0,mode=vpea"),
            "--interface: error: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean "
            "vepa?)\n"
            "type=macvtap,name=eth0,mode=vpea\n"
            "                            ^\n");
}

TEST(ParseInterfaceFault, Words) {
  EXPECT_EQ(told_of("network=default"),
            "--interface: error: unknown key 'network' (write type=network and name=default)\n"
            "network=default\n"
            "^\n"
            "--interface: error: an interface without a type (add type = macvtap, ovs, network, bridge, "
            "hostdev, user, ethernet, vdpa, vhostuser)\n"
            "network=default\n"
            "^\n");
  EXPECT_EQ(
      told_of("type=ovs,name=v,model=virtio,e1000"),
      "--interface: error: 'e1000' has no '=' "
      "(write key=value; a doubled comma is a comma, and only name, vlan.tag and bandwidth take lists)\n"
      "type=ovs,name=v,model=virtio,e1000\n"
      "                             ^\n");
  EXPECT_EQ(told_of("type=ovs,name=v,type=bridge"),
            "--interface: error: 'type' was stated before (keep one of the two)\n"
            "type=ovs,name=v,type=bridge\n"
            "                ^\n");
  EXPECT_EQ(told_of("type=ovs,name=v,link.state=up,"),
            "--interface: error: nothing at a comma (write key=value; a doubled comma is a comma)\n"
            "type=ovs,name=v,link.state=up,\n"
            "                              ^\n");
}

TEST(ParseInterfaceFault, CopiedText) {
  EXPECT_EQ(told_of("type=macvtap,name=eth0,mode=’bridge’"),
            "--interface: error: typographic quotes around the value ’bridge’ (write bridge or \"bridge\")\n"
            "type=macvtap,name=eth0,mode=’bridge’\n"
            "                            ^\n");
  EXPECT_EQ(told_of("type=network,name=a\nb"),
            "--interface: error: source 'a\\x0ab' holds a control character or is not UTF-8 (remove the "
            "character)\n"
            "type=network,name=a\n"
            "                  ^\n");
}

TEST(ParseSettings, ReadsWordsAndTakesAway) {
  const std::vector<Setting> settings =
      parse_settings({"name=eth1", "mode=NA", "model.type=", "mac=52:54:00:AA:00:01", "vlan.tag=1,02"});
  std::string out;
  for (const Setting& setting : settings) out += setting.key + "=" + setting.value + " ";
  EXPECT_EQ(out, "source=eth1 mode= model= mac=52:54:00:aa:00:01 vlan.tag=1,2 ");
}

TEST(ParseSettings, TellsEveryFault) {
  EXPECT_EQ(
      told_by([] {
        parse_settings({"mdoe=vepa", "mode=vpea", "up", "model=a", "model.type=b"});
      }),
      "virt-iface: error: unknown key 'mdoe' (did you mean mode?)\n"
      "virt-iface: error: mode 'vpea' is not one of bridge, vepa, private, passthrough (did you mean vepa?)\n"
      "virt-iface: error: 'up' has no '=' (write KEY=VALUE; KEY= removes the key)\n"
      "virt-iface: error: 'model' is stated twice (keep one of the two)\n");
}

TEST(Check, WarnsOfAnUnknownModel) {
  EXPECT_EQ(formatted(check(one("type=ovs,name=v,model=virtoi"), nullptr)),
            "--interface: warning: model 'virtoi' is not known here; it is written as it stands (did you "
            "mean virtio?)\n"
            "type=ovs,name=v,model=virtoi\n"
            "                      ^\n");
}

/// What the rules of a domain add, first lines only.
std::string told_in(const DomainTraits& domain, const std::string& option) {
  std::vector<Message> messages = check(with_defaults(one(option), domain), &domain);
  for (Message& message : messages) message.place.source_line.clear();
  return formatted(messages);
}

TEST(Check, KeepsToTheArch) {
  const DomainTraits s390{"s390x", "kvm"};
  const DomainTraits x86{"x86_64", "kvm"};
  EXPECT_EQ(told_in(s390, "type=ovs,name=v,model=e1000"),
            "--interface: error: model 'e1000' in a domain of arch s390x (an s390x guest has virtio only)\n");
  EXPECT_EQ(told_in(s390, "type=ovs,name=v,address.type=pci,address.slot=3"),
            "--interface: error: a pci address in a domain of arch s390x "
            "(use address.type = ccw, or state address.zpci.uid)\n");
  EXPECT_EQ(told_in(s390, "type=ovs,name=v,address.type=pci,address.zpci.uid=1"), "");
  EXPECT_EQ(told_in(s390, "type=ovs,name=v,model=virtio"), "");
  const std::string ccw =
      "type=ovs,name=v,address.type=ccw,address.cssid=0xfe,address.ssid=0,address.devno=0x0001";
  EXPECT_EQ(told_in(s390, ccw), "");
  EXPECT_EQ(told_in(x86, ccw),
            "--interface: error: a ccw address in a domain of arch x86_64 (use address.type = pci)\n");
  EXPECT_EQ(
      told_in({"x86_64", "kvm", true}, ccw),
      "--interface: error: a ccw address in a domain of arch x86_64 (use address.type = pci; the document "
      "names no arch: say --arch if it has another)\n");
}

TEST(Check, RefusesDriverOptionsThatWouldBeDropped) {
  EXPECT_EQ(told_in({"x86_64", "kvm"}, "type=ovs,name=v,driver.queues=4"), "");
  EXPECT_EQ(told_in({"s390x", "kvm"}, "type=network,name=n,driver.queues=4"), "");
  // libvirt looks at the model stated, whatever it would choose itself.
  for (const DomainTraits& domain : {DomainTraits{"s390x", "xen"}, DomainTraits{"x86_64", "xen"}}) {
    EXPECT_EQ(told_in(domain, "type=network,name=n,driver.queues=4"),
              "--interface: error: driver.queues on a model of libvirt's choice, which libvirt would drop "
              "(it needs model = virtio)\n");
  }
}

TEST(CheckChange, ReportsWhatTheInterfaceDidNotHave) {
  const auto macvtap = [](const std::string& mode, const std::string& vlan, const std::string& link) {
    Interface out{.settings = parse_settings({"type=macvtap", "source=eth0", "mode=" + mode})};
    if (!vlan.empty()) out.set("vlan.tag", vlan);
    out.set("link.state", link);
    return out;
  };
  const Interface faulty = macvtap("bridge", "42", "up");
  EXPECT_EQ(check_change(macvtap("bridge", "", "up"), faulty, nullptr).size(), 1U);
  EXPECT_TRUE(check_change(faulty, macvtap("bridge", "42", "down"), nullptr).empty());
  // The same sentence, of what was asked for anew.
  EXPECT_EQ(check_change(faulty, macvtap("bridge", "7", "up"), nullptr).size(), 1U);
  EXPECT_EQ(check_change(faulty, macvtap("vepa", "42", "up"), nullptr).size(), 1U);
}

TEST(CheckDistinct, AllowsATeamToShareItsMac) {
  const std::string mac = ",mac=52:54:00:00:00:01";
  const Interface persistent = one("type=ovs,name=v,teaming.type=persistent,alias.name=ua-p" + mac);
  const Interface transient = one("type=network,name=w,teaming.type=transient,teaming.persistent=ua-p" + mac);
  EXPECT_EQ(formatted(check_distinct({persistent, transient})), "");
  EXPECT_NE(formatted(check_distinct({persistent, one("type=ovs,name=w" + mac)})), "");
}

TEST(Normalised, ComparesValuesOfDocuments) {
  EXPECT_EQ(normalised("address.bus", "1"), normalised("address.bus", "0x01"));
  EXPECT_EQ(normalised("mac", "52:54:00:AA:BB:CC"), "52:54:00:aa:bb:cc");
  EXPECT_EQ(normalised("virtualport.parameters.typeid", "0x10"), "16");
  EXPECT_EQ(normalised("no.such.key", "X"), "X");
  EXPECT_EQ(normalised("address.bus", "010"), "010");
}

}  // namespace
}  // namespace virt_iface
