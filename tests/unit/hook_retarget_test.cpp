// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include "hook/abi.hpp"
#include "hook/retarget.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::string nic =
    "<interface type='direct'><mac address='52:54:00:00:00:01'/><source dev='nicA' mode='bridge'/>"
    "<model type='virtio'/><driver queues='2' packed='on'/><mtu size='1400'/>"
    "<address type='pci' bus='0x01' slot='0x00'/></interface>";
const std::string other =
    "<interface type='bridge'><mac address='52:54:00:00:00:02'/><source bridge='br0'/><model type='e1000'/>"
    "</interface>";

Document guest(const std::string& interfaces) {
  return Scanner().scan(
      "<domain type='kvm'><name>web1</name><os><type arch='x86_64'>hvm</type></os><devices>" + interfaces +
          "</devices></domain>",
      "<stdin>");
}

std::string changed(std::string text, const std::string& from, const std::string& to) {
  return text.replace(text.find(from), from.size(), to);
}

/// The faults of a change, each as `position: text`.
std::string faults(const std::string& before, const std::string& after) {
  std::string text;
  for (const AbiFault& fault : abi_faults(guest(before).domain, guest(after).domain))
    text += std::to_string(fault.position) + ": " + fault.text + '\n';
  return text;
}

TEST(AbiFaults, SourceTypeVlanAndTargetAreFree) {
  EXPECT_THAT(faults(nic, changed(nic, "dev='nicA'", "dev='nicB'")), IsEmpty());
  EXPECT_THAT(faults(nic, changed(nic, "<model", "<target dev='lan0'/><vlan><tag id='5'/></vlan><model")),
              IsEmpty());
  EXPECT_THAT(faults(nic, changed(nic, "queues='2' packed='on'", "packed='on' queues='2'")), IsEmpty());
}

TEST(AbiFaults, CountAndOrder) {
  EXPECT_THAT(faults(nic + other, nic), HasSubstr("0: the number of interfaces would change from 2 to 1"));
  EXPECT_THAT(faults(nic + other, other + nic), HasSubstr("1: would get another MAC\n"));
}

TEST(AbiFaults, EverythingThatMakesTheDevice) {
  EXPECT_EQ(faults(nic, changed(nic, "00:01", "00:09")), "1: would get another MAC\n");
  EXPECT_EQ(faults(nic, changed(nic, "'virtio'", "'e1000'")), "1: would get another model\n");
  EXPECT_EQ(faults(nic, changed(nic, "queues='2'", "queues='3'")),
            "1: would get another virtio options (<driver>)\n");
  EXPECT_EQ(faults(nic, changed(nic, "<mtu size='1400'/>", "")), "1: would lose its <mtu>\n");
  EXPECT_EQ(faults(nic, changed(nic, "1400", "1500")), "1: would get another <mtu>\n");
  EXPECT_EQ(faults(nic, changed(nic, "bus='0x01'", "bus='0x02'")), "1: would get another device address\n");
}

Settings with_map(const std::string& map) {
  Settings settings;
  settings.maps.push_back(parse_map(map, "hook.conf"));
  return settings;
}

TEST(MoveSources, MovesAndTellsWhat) {
  Retargeted const moved = retarget_sources(guest(other), with_map("br0=br1"));
  EXPECT_TRUE(moved.changed);
  EXPECT_THAT(moved.document.bytes, HasSubstr("<source bridge='br1'/>"));
  ASSERT_EQ(moved.moves.size(), 1U);
  EXPECT_EQ(moved.moves[0], "interface 1 (bridge on br0) 52:54:00:00:00:02: source br0 -> br1");
}

/// What has come with the guest's definition is changed alike, in the words that update takes.
TEST(MoveSources, TellsHowToChangeTheDefinition) {
  Settings settings = with_map("macvtap:nicA=macvtap:nicB");
  settings.drop = {"vlan"};
  settings.condition_maps = {{.heading = "map.1",
                              .where = parse_where({"source=br0"}),
                              .words = {"type=ovs", "source=vs0", "filterref="},
                              .settings = parse_settings({"type=ovs", "source=vs0", "filterref="})}};
  EXPECT_THAT(retarget_sources(guest(nic + other), settings).updates,
              testing::ElementsAre(testing::ElementsAre("52:54:00:00:00:01", "source=nicB", "type=macvtap",
                                                        "mode=bridge", "--drop", "vlan"),
                                   testing::ElementsAre("52:54:00:00:00:02", "type=ovs", "source=vs0",
                                                        "filterref=", "--drop", "vlan")));
}

TEST(MoveSources, ChangesNothingWhereNoMapFits) {
  Document const document = guest(nic + other);
  Retargeted const moved = retarget_sources(document, with_map("br=br1"));
  EXPECT_FALSE(moved.changed);
  EXPECT_EQ(moved.document.bytes, document.bytes);
}

TEST(MoveSources, RefusesEveryInterfaceThatWouldBreak) {
  std::string const tagged =
      "<interface type='bridge'><source bridge='vs'/><vlan><tag id='5'/></vlan><virtualport "
      "type='openvswitch'/>"
      "<model type='virtio'/></interface>";
  try {
    (void)retarget_sources(guest(tagged + tagged), with_map("ovs:vs=macvtap:nicA"));
    FAIL() << "was not refused";
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::invalid);
    ASSERT_EQ(error.messages().size(), 2U);
    EXPECT_THAT(error.messages()[1].text, HasSubstr("interface 2 (ovs on vs) would lose vlan.tag = 5"));
    EXPECT_THAT(error.messages()[1].text, HasSubstr("by the rule 'ovs:vs = macvtap:nicA'"));
    EXPECT_THAT(error.messages()[1].hint, HasSubstr("drop = vlan in [hook]"));
  }
}

}  // namespace
}  // namespace virt_iface::hook
