// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <string>

#include "base/error.hpp"
#include "graph/build.hpp"
#include "graph/graph.hpp"
#include "host/devices.hpp"

namespace virt_iface {
namespace {

using testing::HasSubstr;
using testing::Not;

/// What ovs-vsctl 3.1.0 prints: br0 with a tagged port, a bond and a patch to br1, which has a guest's tap
/// and a tunnel.
constexpr std::string_view tables =
    R"({"data":[[["uuid","1"],"br1",["set",[["uuid","15"],["uuid","16"],["uuid","17"],["uuid","18"]]]],)"
    R"([["uuid","2"],"br0",["set",[["uuid","11"],["uuid","12"],["uuid","13"],["uuid","14"]]]]],)"
    R"("headings":["_uuid","name","ports"]})"
    "\n"
    R"({"data":[[["uuid","11"],"br0",["set",[]],["set",[]],["uuid","21"]],)"
    R"([["uuid","12"],"eth2",42,["set",[]],["uuid","22"]],)"
    R"([["uuid","13"],"bond1",["set",[]],["set",[7,8]],["set",[["uuid","24"],["uuid","23"]]]],)"
    R"([["uuid","14"],"to-br1",["set",[]],["set",[]],["uuid","25"]],)"
    R"([["uuid","15"],"br1",["set",[]],["set",[]],["uuid","26"]],)"
    R"([["uuid","16"],"to-br0",["set",[]],["set",[]],["uuid","27"]],)"
    R"([["uuid","17"],"vnet3",42,["set",[]],["uuid","28"]],)"
    R"([["uuid","18"],"vx0",["set",[]],["set",[]],["uuid","29"]]],)"
    R"("headings":["_uuid","name","tag","trunks","interfaces"]})"
    "\n"
    R"({"data":[[["uuid","21"],"br0","internal",["map",[]]],[["uuid","22"],"eth2","",["map",[]]],)"
    R"([["uuid","23"],"eth0","",["map",[]]],[["uuid","24"],"eth1","",["map",[]]],)"
    R"([["uuid","25"],"to-br1","patch",["map",[["peer","to-br0"]]]],[["uuid","26"],"br1","internal",["map",[]]],)"
    R"([["uuid","27"],"to-br0","patch",["map",[["peer","to-br1"]]]],[["uuid","28"],"vnet3","",["map",[]]],)"
    R"([["uuid","29"],"vx0","vxlan",["map",[["remote_ip","192.0.2.1"]]]]],)"
    R"("headings":["_uuid","name","type","options"]})"
    "\n";

TEST(OvsTables, AreBridgesWithTheirPorts) {
  const std::vector<OvsBridge> bridges = parse_ovs(tables);
  ASSERT_EQ(bridges.size(), 2U);
  EXPECT_EQ(bridges[0].name, "br0");
  ASSERT_EQ(bridges[0].ports.size(), 3U);  // not its own
  const OvsPort& bond = bridges[0].ports[0];
  EXPECT_EQ(bond.name, "bond1");
  EXPECT_EQ(bond.interfaces, (std::vector<std::string>{"eth0", "eth1"}));
  EXPECT_EQ(bond.tags, (std::vector<unsigned>{7, 8}));
  EXPECT_EQ(bridges[0].ports[1].tags, std::vector<unsigned>{42});
  EXPECT_EQ(bridges[0].ports[2].peer, "br1");
}

TEST(OvsTables, OfNothingAreNone) {
  EXPECT_TRUE(parse_ovs("").empty());
}

TEST(OvsTables, ThatAreNotUnderstoodAreAnError) {
  for (const char* bad : {"{", "[]", R"({"data":[[1]],"headings":["_uuid"]})"})
    EXPECT_THROW(parse_ovs(bad), Error) << bad;
}

Record record(const std::string& domain, const std::string& type, const std::string& source) {
  Record made{.file = domain + ".xml", .domain = domain, .position = 1, .libvirt_type = type};
  made.keys.set("type", type);
  made.keys.set("source", source);
  return made;
}

Device device(const std::string& name, NicKind kind) {
  return {.nic = {.name = name, .kind = kind, .up = true, .state = "up"}};
}

Beneath with_ovs() {
  Beneath beneath;
  for (const char* name : {"br0", "br1", "eth0", "eth1", "eth2", "vnet3"})
    beneath.devices.push_back(device(name, NicKind::nic));
  beneath.devices[0].nic.kind = beneath.devices[1].nic.kind = NicKind::other;
  beneath.ovs = parse_ovs(tables);
  return beneath;
}

std::string drawn(std::vector<Record> records, std::optional<Beneath> host) {
  GraphInput input{.shown = records, .all = std::move(records)};
  input.realms.push_back({.host = std::move(host)});
  return format_graph(build_graph(std::move(input)), {});
}

TEST(Graph, DrawsTheBridgesOfOpenVSwitchAndWhatIsBeneath) {
  const std::string text = drawn({record("web1", "ovs", "br1")}, with_ovs());
  EXPECT_THAT(text, HasSubstr("ovs br1\n"
                              "├─ ovs br0 (patch)\n"
                              "│  ├─ bond bond1 (VLAN 7,8)\n"
                              "│  │  ├─ nic eth0, up\n"
                              "│  │  └─ nic eth1, up\n"
                              "│  ├─ ovs br1 (patch) …\n"
                              "│  └─ nic eth2, up (VLAN 42)\n"));
  EXPECT_THAT(text, HasSubstr("port vx0\n"));
  EXPECT_THAT(text, Not(HasSubstr("vnet3")));  // a guest's, which hangs above
}

TEST(Graph, SaysWhichCardKeepsFramesFromTheGuestsOfASwitch) {
  Beneath host = with_ovs();
  host.devices[2].nic.card = Card::deaf;  // eth0, a member of the bond of br0
  EXPECT_THAT(drawn({record("web1", "ovs", "br1")}, host),
              HasSubstr("ovs br1  ! 'eth0' beneath 'br1' is a qeth device that is no active bridge port"));
  host.devices[2].nic.card = Card::roce;
  EXPECT_THAT(drawn({record("web1", "ovs", "br1")}, host),
              HasSubstr("! 'eth0' beneath 'br1' is a RoCE card"));
}

TEST(Graph, SaysThatOpenVSwitchHasNoSuchBridge) {
  EXPECT_THAT(drawn({record("web1", "ovs", "br7")}, with_ovs()),
              HasSubstr("! this host has no Open vSwitch bridge 'br7'"));
  Beneath silent = with_ovs();
  silent.ovs.reset();
  EXPECT_THAT(drawn({record("web1", "ovs", "br7")}, silent), Not(HasSubstr("!")));
}

TEST(Graph, IsTheSameInWhateverOrderTheGuestsAreRead) {
  std::vector<Record> records;
  for (int i = 0; i < 20; ++i) records.push_back(record("web" + std::to_string(i), "bridge", "br0"));
  const std::string text = drawn(records, with_ovs());
  std::ranges::reverse(records);
  EXPECT_EQ(drawn(records, with_ovs()), text);
}

TEST(Graph, TellsTwoGuestsOfOneNameApart) {
  std::vector<Record> records{record("web1", "bridge", "br0"), record("web1", "bridge", "br0")};
  records[1].file = "other/web1.xml";
  EXPECT_THAT(drawn(records, std::nullopt), HasSubstr("web1 (web1.xml)\n"));
}

/// Of processor time, for guests with MACs of their own, each on a bridge of its own and one that all share.
std::clock_t time_for(int guests) {
  std::vector<Record> records;
  for (int i = 0; i < guests; ++i)
    for (const std::string& source : {std::string("br0"), "lan" + std::to_string(i)}) {
      records.push_back(record("web" + std::to_string(i), "bridge", source));
      records.back().position = source == "br0" ? 1 : 2;
      records.back().keys.set("mac", source + std::to_string(i));
    }
  const std::clock_t begin = std::clock();
  for (const char* format : {"tree", "dot"})
    for (const GroupBy group : {GroupBy::nothing, GroupBy::source}) {
      GraphInput input{.shown = records, .all = records, .group_by = group};
      input.realms.push_back({.host = with_ovs()});
      format_graph(build_graph(std::move(input)), {.name = format, .grouped = group != GroupBy::nothing});
    }
  return std::clock() - begin;
}

TEST(Graph, TakesLittleMoreThanTenTimesAsLongForTenTimesTheGuests) {
  // Of processor time the better of two, since others work on this machine too.
  const auto best = [](int guests) { return std::min(time_for(guests), time_for(guests)); };
  const std::clock_t few = best(50);
  EXPECT_LT(best(500), 15 * few);
}

}  // namespace
}  // namespace virt_iface
