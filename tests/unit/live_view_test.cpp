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

}  // namespace
}  // namespace virt_iface
