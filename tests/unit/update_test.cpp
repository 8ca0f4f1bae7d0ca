// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/update.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "unit/documents.hpp"

namespace virt_iface {
namespace {

using test::guest;
using test::refusal;
using testing::HasSubstr;

using Words = std::vector<std::string>;

Plan planned(const std::string& devices, const Words& words, const std::vector<std::size_t>& positions,
             const std::vector<std::string>& drop = {}) {
  const Document document = guest(devices);
  Renderer renderer;
  Plan plan;
  Updater(document, {.drop = drop}, renderer).update(positions, parse_settings(words), plan);
  return plan;
}

std::string updated(const std::string& devices, const Words& words,
                    const std::vector<std::size_t>& positions = {1},
                    const std::vector<std::string>& drop = {}) {
  return test::devices_of(test::edited(guest(devices), planned(devices, words, positions, drop).edits));
}

const std::string ovs =
    "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source bridge='s0'/>"
    "<vlan><tag id='5'/></vlan><virtualport type='openvswitch'/><model type='virtio'/></interface>";
const std::string network =
    "<interface type='network'><mac address='52:54:00:00:00:02'/><source network='lan'/>"
    "<model type='virtio'/></interface>";

TEST(Update, SetsAKeyInPlace) {
  EXPECT_EQ(updated(network, {"source=dmz"}),
            "<interface type='network'><mac address='52:54:00:00:00:02'/><source network='dmz'/>"
            "<model type='virtio'/></interface>");
}

TEST(Update, RemovesAKeyThatIsLeftEmpty) {
  EXPECT_EQ(
      updated(network, {"model="}),
      "<interface type='network'><mac address='52:54:00:00:00:02'/><source network='lan'/></interface>");
}

TEST(Update, ChangesNothingWhereTheValueIsTheSame) {
  EXPECT_TRUE(planned(network, {"source=lan", "mac=52:54:00:00:00:02"}, {1}).edits.empty());
}

TEST(Update, LeavesTheOthersAlone) {
  EXPECT_EQ(updated(network + ovs, {"source=dmz"}), updated(network, {"source=dmz"}) + ovs);
}

TEST(Update, RefusesToLoseWhatIsolatesTheGuest) {
  const Words to_macvtap{"type=macvtap", "source=eth0", "mode=bridge"};
  EXPECT_THAT(refusal([&] { updated(ovs, to_macvtap); }), HasSubstr("would lose vlan.tag = 5"));
  EXPECT_EQ(updated(ovs, to_macvtap, {1}, {"vlan"}),
            "<interface type='direct'><mac address='52:54:00:00:00:01'/><source dev='eth0' mode='bridge'/>"
            "<model type='virtio'/></interface>");
}

TEST(Update, NeedsASourceForAnotherType) {
  EXPECT_THAT(refusal([] { updated(network, {"type=bridge"}); }),
              HasSubstr("another type has another source"));
}

TEST(Update, RefusesAValueThatAnotherDeviceHas) {
  EXPECT_THAT(refusal([] { updated(network + ovs, {"mac=52:54:00:00:00:01"}); }),
              HasSubstr("52:54:00:00:00:01"));
}

TEST(Update, RefusesAValueThatTheDomainCannotHave) {
  EXPECT_THAT(
      refusal([] {
        updated(network, {"address.type=ccw", "address.cssid=0xfe", "address.ssid=0", "address.devno=1"});
      }),
      HasSubstr("a ccw address in a domain of arch x86_64"));
}

TEST(Update, LetsOneTakeWhatAnotherLeaves) {
  const std::string two = network + network;
  const std::string stable = updated(two, {"mac=stable"}, {1, 2});
  const std::string swapped = stable.substr(stable.size() / 2) + stable.substr(0, stable.size() / 2);
  EXPECT_NE(swapped, stable);
  EXPECT_EQ(updated(swapped, {"mac=stable"}, {1, 2}), stable);
}

TEST(Update, NamesWhatChanged) {
  EXPECT_EQ(planned(network, {"source=dmz", "mtu.size=1400"}, {1}).changes.at(0).details,
            "source lan -> dmz, mtu.size - -> 1400");
}

}  // namespace
}  // namespace virt_iface
