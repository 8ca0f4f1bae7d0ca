// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/render.hpp"

#include <gtest/gtest.h>

#include "unit/documents.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

std::string rendered(const std::string& option) {
  return serialise(Renderer().make(parse_interface(option, "--interface").at(0)), Style{});
}

TEST(Render, MakesWhatMarksTheType) {
  EXPECT_EQ(rendered("type=macvtap,name=eth0,mode=vepa"),
            "<interface type='direct'><source dev='eth0' mode='vepa'/></interface>");
  EXPECT_EQ(rendered("type=ovs,name=s0"),
            "<interface type='bridge'><source bridge='s0'/><virtualport type='openvswitch'/></interface>");
  EXPECT_EQ(rendered("type=bridge,name=br0"), "<interface type='bridge'><source bridge='br0'/></interface>");
  EXPECT_EQ(rendered("type=network,name=lan"),
            "<interface type='network'><source network='lan'/></interface>");
}

TEST(Render, PutsChildrenInLibvirtsOrder) {
  EXPECT_EQ(
      rendered("mtu.size=1400,model=virtio,mac=52:54:00:00:00:01,name=lan,type=network,link.state=down"),
      "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>"
      "<model type='virtio'/><link state='down'/><mtu size='1400'/></interface>");
}

TEST(Render, MakesAnElementForEachOfAList) {
  EXPECT_EQ(rendered("type=ovs,name=s0,vlan.tag=1,2,vlan.native=untagged:2"),
            "<interface type='bridge'><source bridge='s0'/><vlan trunk='yes'><tag id='1'/>"
            "<tag id='2' nativeMode='untagged'/></vlan><virtualport type='openvswitch'/></interface>");
}

TEST(Render, EscapesValues) {
  EXPECT_EQ(rendered("type=network,name=a&'<b"),
            "<interface type='network'><source network='a&amp;&apos;&lt;b'/></interface>");
}

TEST(Render, LeavesOutTheKeysThatOnlyMakeAMac) {
  EXPECT_EQ(rendered("type=network,name=lan,mac=stable,mac.prefix=52:54:01"),
            "<interface type='network'><mac address='stable'/><source network='lan'/></interface>");
}

TEST(Renderer, KeepsWhatItRendered) {
  Renderer renderer;
  const Interface interface = parse_interface("type=network,name=lan", "--interface").at(0);
  EXPECT_EQ(&renderer.render(interface), &renderer.render(interface));
}

}  // namespace
}  // namespace virt_iface
