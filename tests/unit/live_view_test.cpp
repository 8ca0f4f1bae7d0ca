// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/live_view.hpp"

#include <gtest/gtest.h>

#include <string>

namespace virt_iface {
namespace {

std::string domain(const std::string& interface) {
  return "<domain type='qemu'><name>web1</name><devices>" + interface + "</devices></domain>";
}

std::string seen(const std::string& interface) {
  Scanner scanner;
  return with_networks(scanner.scan(domain(interface), "web1"), scanner).bytes;
}

TEST(LiveView, AnInterfaceThatBecameABridgeIsTheNetworksAgain) {
  EXPECT_EQ(
      seen("<interface type='bridge' trustGuestRxFilters='no'>\n"
           "  <source network='l&apos;an' portgroup='web' portid='11111111-2222-4333-8444-555555555555' "
           "bridge='br0'/>\n  <target dev='vnet0'/></interface>"),
      domain("<interface type='network' trustGuestRxFilters='no'>\n"
             "  <source network='l&apos;an' portgroup='web'/>\n  <target dev='vnet0'/></interface>"));
}

TEST(LiveView, AnInterfaceThatBecameMacvtapIsTheNetworksAgain) {
  EXPECT_EQ(seen("<interface type='direct'><source network='lan' dev='eth0' mode='bridge'/></interface>"),
            domain("<interface type='network'><source network='lan'/></interface>"));
}

TEST(LiveView, OthersStayByteForByte) {
  for (const std::string interface :
       {"<interface type='bridge'><source bridge='br0'/></interface>",
        "<interface type='direct'><source dev='eth0' mode='bridge'/></interface>",
        "<interface type='network'><source network='lan' bridge='virbr0'/></interface>",
        "<interface type='user'/>"})
    EXPECT_EQ(seen(interface), domain(interface));
}

std::string asked_for(const std::string& live, const std::string& config, const std::string& network) {
  Scanner scanner;
  const Document configuration = scanner.scan(domain(config), "web1");
  const LiveView view = as_asked_for(
      scanner.scan(domain(live), "web1"), configuration, [&](const std::string&) { return network; },
      scanner);
  std::string text = view.document.bytes;
  for (const Inherited& part : view.inherited.at(0)) text += '\n' + part.name + ": " + part.text;
  return text;
}

constexpr const char* tagged =
    "<interface type='bridge'><mac address='52:54:00:00:00:01'/><source network='lan' bridge='v0'/>\n"
    "  <vlan><tag id='42'/></vlan>\n"
    "  <virtualport type='openvswitch'>\n"
    "    <parameters interfaceid='11111111-2222-4333-8444-555555555555'/></virtualport></interface>";

constexpr const char* own =
    "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>";
constexpr const char* port =
    "\nvirtualport: <virtualport type='openvswitch'>\n"
    "    <parameters interfaceid='11111111-2222-4333-8444-555555555555'/></virtualport>";

std::string network(const std::string& parts) {
  return "<network><name>lan</name><virtualport type='openvswitch'/>" + parts + "</network>";
}

const std::string vlan_42 = "<vlan>\n    <tag id='42'/>\n  </vlan>";

TEST(LiveView, WhatTheNetworkGivesIsInherited) {
  for (const std::string& config : {std::string(), std::string(own) + "</interface>"})
    EXPECT_EQ(asked_for(tagged, config, network(vlan_42)),
              domain(std::string(own) + "</interface>") + "\nvlan: <vlan><tag id='42'/></vlan>" + port);
}

TEST(LiveView, WhatTheConfigurationStatesIsTheGuests) {
  EXPECT_EQ(asked_for(tagged, std::string(own) + "<vlan><tag id='42'/></vlan></interface>", network(vlan_42)),
            domain(std::string(own) + "\n  <vlan><tag id='42'/></vlan></interface>") + port);
}

TEST(LiveView, WhatOnlyTheRunningGuestHasIsTheGuests) {
  // update MAC vlan.tag=42 --live: neither the configuration nor the network says so.
  for (const std::string& definition : {network(""), network("<vlan><tag id='4'/></vlan>"), std::string()})
    EXPECT_EQ(asked_for(tagged, std::string(own) + "</interface>", definition).find("\nvlan:"),
              std::string::npos);
}

TEST(LiveView, APortGroupComesBeforeItsNetwork) {
  const std::string groups = "<vlan><tag id='4'/></vlan><portgroup name='a' default='yes'>" + vlan_42 +
                             "</portgroup><portgroup name='b'><vlan><tag id='7'/></vlan></portgroup>";
  EXPECT_NE(asked_for(tagged, "", network(groups)).find("\nvlan:"), std::string::npos);
  std::string in_b = tagged;
  in_b.insert(in_b.find("bridge='v0'"), "portgroup='b' ");
  EXPECT_EQ(asked_for(in_b, "", network(groups)).find("\nvlan:"), std::string::npos);
}

}  // namespace
}  // namespace virt_iface
