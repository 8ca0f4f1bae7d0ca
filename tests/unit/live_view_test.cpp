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

TEST(LiveView, WhatTheConfigurationHasNotComesFromTheNetwork) {
  const std::string own =
      "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>";
  const std::string port =
      "\nvirtualport: <virtualport type='openvswitch'>\n"
      "    <parameters interfaceid='11111111-2222-4333-8444-555555555555'/></virtualport>";
  EXPECT_EQ(asked_for(tagged, own + "</interface>", ""),
            domain(own + "</interface>") + "\nvlan: <vlan><tag id='42'/></vlan>" + port);
  EXPECT_EQ(asked_for(tagged, own + "<vlan><tag id='42'/></vlan></interface>", ""),
            domain(own + "\n  <vlan><tag id='42'/></vlan></interface>") + port);
}

TEST(LiveView, WithoutAConfigurationTheNetworkIsAsked) {
  const std::string own =
      "<interface type='network'><mac address='52:54:00:00:00:01'/><source network='lan'/>";
  const std::string vlan = "<vlan>\n    <tag id='42'/>\n  </vlan>";
  EXPECT_EQ(asked_for(tagged, "", "<network><virtualport type='openvswitch'/>" + vlan + "</network>")
                .find(domain(own + "</interface>")),
            0U);
  EXPECT_EQ(asked_for(tagged, "", "<network><vlan><tag id='4'/></vlan></network>").find("\nvlan:"),
            std::string::npos);
}

}  // namespace
}  // namespace virt_iface
