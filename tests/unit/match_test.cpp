// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/match.hpp"

#include <gtest/gtest.h>

#include "unit/documents.hpp"

namespace virt_iface {
namespace {

std::string pairs(const std::vector<std::string>& wanted, const std::vector<std::string>& present) {
  std::vector<Wanted> requests;
  for (const std::string& option : wanted)
    for (Interface& interface : parse_interface(option, "--interface"))
      requests.push_back({.stated = interface, .complete = interface});
  std::vector<Element> elements;
  for (const std::string& text : present) elements.push_back(test::element(text));
  std::string out;
  for (const Pair& pair : pair_up(requests, elements)) {
    out += std::to_string(pair.wanted) + "-" + std::to_string(pair.present);
    for (const Difference& d : pair.differences) out += " " + d.key + ":" + d.present + ">" + d.wanted;
    out += "; ";
  }
  return out;
}

std::string macvtap(const std::string& mode, const std::string& more = {}) {
  return "<interface type='direct'><source dev='eth0' mode='" + mode + "'/>" + more + "</interface>";
}

std::string ovs(const std::string& more = {}) {
  return "<interface type='bridge'><source bridge='s0'/><virtualport type='openvswitch'/>" + more +
         "</interface>";
}

std::string tag(const std::string& id) {
  return "<vlan><tag id='" + id + "'/></vlan>";
}

const std::string one = "<mac address='52:54:00:00:00:01'/>";
const std::string two = "<mac address='52:54:00:00:00:02'/>";
const std::string bridged = "type=macvtap,name=eth0,mode=bridge";

TEST(PairUp, NeedsTypeAndSource) {
  EXPECT_EQ(pairs({bridged}, {"<interface type='direct'><source dev='eth1' mode='bridge'/></interface>",
                              "<interface type='network'><source network='eth0'/></interface>"}),
            "");
}

TEST(PairUp, GivesEachWantedOneOfItsOwn) {
  EXPECT_EQ(pairs({bridged, bridged}, {macvtap("bridge")}), "0-0; ");
  EXPECT_EQ(pairs({bridged, bridged}, {macvtap("bridge"), macvtap("bridge")}), "0-0; 1-1; ");
}

TEST(PairUp, TakesTheBestMatchFirst) {
  EXPECT_EQ(pairs({bridged}, {macvtap("vepa"), macvtap("bridge")}), "0-1; ");
  EXPECT_EQ(pairs({bridged + ",model=e1000"}, {macvtap("vepa"), macvtap("bridge")}), "0-1 model:>e1000; ");
}

TEST(PairUp, NamesTheKeysThatDiffer) {
  EXPECT_EQ(pairs({bridged + ",model=virtio,link.state=down"}, {macvtap("vepa", "<model type='e1000'/>")}),
            "0-0 mode:vepa>bridge model:e1000>virtio link.state:>down; ");
}

TEST(PairUp, LetsAStatedMacDecide) {
  const std::vector<std::string> present{macvtap("bridge", one), macvtap("vepa", two)};
  EXPECT_EQ(pairs({bridged + ",mac=52:54:00:00:00:02"}, present), "0-1 mode:vepa>bridge; ");
  EXPECT_EQ(pairs({bridged + ",mac=52:54:00:00:00:03"}, present), "");
}

TEST(PairUp, CountsAVlanThatNobodyAskedFor) {
  EXPECT_EQ(pairs({"type=ovs,name=s0"}, {ovs(tag("5"))}), "0-0 vlan.tag:5>; ");
}

TEST(PairUp, PutsAnotherVlanLast) {
  EXPECT_EQ(pairs({"type=ovs,name=s0,vlan.tag=5,mtu.size=9000"},
                  {ovs(tag("6") + "<mtu size='9000'/>"), ovs(tag("5"))}),
            "0-1 mtu.size:>9000; ");
}

TEST(PairUp, ComparesValuesAndNotTheirSpelling) {
  EXPECT_EQ(pairs({bridged + ",address.type=pci,address.slot=0x3"},
                  {macvtap("bridge", "<address type='pci' slot='3'/>")}),
            "0-0; ");
}

TEST(PairUp, LetsAllThatIsTheSameFindItsPair) {
  // The first could have either; the second only the first of them.
  EXPECT_EQ(pairs({"type=ovs,name=s0", "type=ovs,name=s0,mtu.size=9000"}, {ovs("<mtu size='9000'/>"), ovs()}),
            "0-1; 1-0; ");
}

}  // namespace
}  // namespace virt_iface
