// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/guest_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libxml/parser.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "edit/apply.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

using testing::HasSubstr;

const xmlExternalEntityLoader files = xmlGetExternalEntityLoader();

constexpr const char* first = "52:54:00:00:00:01";
constexpr const char* second = "52:54:00:00:00:02";
constexpr const char* third = "52:54:00:00:00:03";

std::string macvtap(const std::string& nic, const std::string& mac) {
  return "<interface type='direct'><mac address='" + mac + "'/><source dev='" + nic +
         "' mode='bridge'/></interface>";
}

std::string domain(const std::string& interfaces) {
  return "<domain type='test'><name>web1</name><uuid>11111111-2222-4333-8444-555555555555</uuid>"
         "<memory>1024</memory><os><type arch='i686'>hvm</type></os><devices>" +
         interfaces + "</devices></domain>";
}

/// libvirt's test driver with one guest, web1, that runs; its configuration can be made to differ.
class GuestPlanTest : public testing::Test {
 protected:
  void start(const std::string& live, const std::string& config) {
    std::string name = std::filesystem::temp_directory_path() / "virt-iface-node-XXXXXX";
    const int handle = mkstemp(name.data());
    ASSERT_GE(handle, 0);
    close(handle);
    std::ofstream(name) << "<node>" << domain(live) << "</node>";
    // In this one process libvirt must read a file with the parser that we let read none.
    const xmlExternalEntityLoader ours = xmlGetExternalEntityLoader();
    xmlSetExternalEntityLoader(files);
    libvirt_.emplace(Connection::open("test://" + name));
    xmlSetExternalEntityLoader(ours);
    std::filesystem::remove(name);
    libvirt_->define(domain(config));
  }

  GuestPlan plan(const GuestWork& work, Views views = {.config = true, .live = true}) {
    return plan_guest(*libvirt_, libvirt_->guest("web1"), views, work, scanner_, true);
  }

  static GuestWork applying_one(const std::string& interface, Policy policy = Policy::ensure) {
    ApplyRequest request;
    request.spec.interfaces = parse_interface(interface, "--interface");
    request.policy = policy;
    return {.plan = [applier = std::make_shared<Applier>(request)](const Document& document, const Scope&) {
      return applier->plan(document);
    }};
  }

  static GuestWork detaching(const std::string& selector) {
    return {.selector = parse_selector(selector), .plan = [](const Document& document, const Scope& at) {
              return removal(document, at.positions);
            }};
  }

  static std::vector<std::string> macs(const Side& side) {
    std::vector<std::string> all;
    for (const Element& interface : side.after.domain.interfaces) all.push_back(mac_of(interface));
    return all;
  }

  std::optional<Connection> libvirt_{};
  Scanner scanner_{};
};

TEST_F(GuestPlanTest, AnInterfaceNewInBothGetsOneMac) {
  start("", "");
  const GuestPlan both = plan(applying_one("type=macvtap,name=eth0,mode=bridge"));
  ASSERT_EQ(macs(*both.live).size(), 1U);
  EXPECT_THAT(macs(*both.live)[0], testing::StartsWith("52:54:00:"));
  EXPECT_EQ(macs(*both.live), macs(*both.config));
}

TEST_F(GuestPlanTest, TwoAlikeGetMacsOfTheirOwn) {
  start("", "");
  const GuestPlan both = plan(applying_one("type=macvtap,name=eth0,eth0,mode=bridge", Policy::append));
  const std::vector<std::string> live = macs(*both.live);
  EXPECT_EQ(live, macs(*both.config));
  ASSERT_EQ(live.size(), 2U);
  EXPECT_NE(live[0], live[1]);
}

TEST_F(GuestPlanTest, WhatTheConfigurationHasAlreadyKeepsItsMac) {
  start("", macvtap("eth0", first));
  const GuestPlan both = plan(applying_one("type=macvtap,name=eth0,mode=bridge"));
  EXPECT_TRUE(both.config->plan.changes.empty());
  EXPECT_EQ(macs(*both.live), std::vector<std::string>{first});
  const GuestChange change = change_of(both);
  EXPECT_FALSE(change.config);
  ASSERT_EQ(change.live.size(), 1U);
  EXPECT_EQ(change.live[0].before, "");
  EXPECT_THAT(change.live[0].after, HasSubstr("<mac address='52:54:00:00:00:01'/>"));
}

TEST_F(GuestPlanTest, WhatRunsAlreadyKeepsItsMacInTheConfiguration) {
  start(macvtap("eth0", first), "");
  const GuestPlan both = plan(applying_one("type=macvtap,name=eth0,mode=bridge"));
  EXPECT_EQ(macs(*both.config), std::vector<std::string>{first});
  EXPECT_TRUE(change_of(both).live.empty());
}

TEST_F(GuestPlanTest, OnlyTheConfigurationLeavesTheMacToLibvirt) {
  start("", "");
  const GuestPlan one = plan(applying_one("type=macvtap,name=eth0,mode=bridge"), {.config = true});
  EXPECT_FALSE(one.live);
  EXPECT_EQ(macs(*one.config), std::vector<std::string>{""});
}

TEST_F(GuestPlanTest, NothingToDoChangesNothing) {
  start(macvtap("eth0", first), macvtap("eth0", first));
  const GuestPlan both = plan(applying_one("type=macvtap,name=eth0,mode=bridge"));
  EXPECT_FALSE(both.changes());
  EXPECT_FALSE(change_of(both).config);
}

TEST_F(GuestPlanTest, APositionIsThatOfTheRunningGuest) {
  start(macvtap("eth1", second) + macvtap("eth0", first),
        macvtap("eth0", first) + macvtap("eth1", second) + macvtap("eth2", third));
  const GuestPlan both = plan(detaching("1"));
  EXPECT_EQ(macs(*both.live), std::vector<std::string>{first});
  EXPECT_EQ(macs(*both.config), (std::vector<std::string>{first, third}));
}

/// The transient partner was put on again, behind: both have the same MAC.
TEST_F(GuestPlanTest, TheTwoOfATeamAreToldApart) {
  const std::string mac = "<mac address='" + std::string(first) + "'/>";
  const std::string persistent = "<interface type='bridge'>" + mac +
                                 "<source bridge='br0'/><model type='virtio'/><teaming type='persistent'/>"
                                 "<alias name='ua-one'/></interface>";
  const std::string transient =
      "<interface type='hostdev' managed='yes'>" + mac +
      "<source><address type='pci' domain='0' bus='1' slot='16' function='2'/></source>"
      "<teaming type='transient' persistent='ua-one'/></interface>";
  start(persistent + transient, transient + persistent);
  const GuestWork work{.selector = parse_selector("1"),
                       .plan = [](const Document& document, const Scope& at) {
                         EXPECT_EQ(at.positions.size(), 1U);
                         EXPECT_EQ(type_of(document.domain.interfaces.at(at.positions.at(0) - 1)), "bridge");
                         return Plan{};
                       }};
  plan(work);
}

TEST_F(GuestPlanTest, WhatOnlyTheConfigurationHasCanBeNamed) {
  start(macvtap("eth0", first), macvtap("eth0", first) + macvtap("eth2", third));
  const GuestPlan both = plan(detaching("source=eth2"));
  EXPECT_EQ(macs(*both.config), std::vector<std::string>{first});
  EXPECT_TRUE(change_of(both).live.empty());
  ASSERT_EQ(both.live->plan.warnings.size(), 1U);
  EXPECT_EQ(both.live->plan.warnings[0].text, "the running guest web1 has no interface 'source=eth2'");
}

TEST_F(GuestPlanTest, WhatNeitherHasIsAnErrorThatListsTheCandidates) {
  start(macvtap("eth0", first), macvtap("eth0", first));
  try {
    plan(detaching(third));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::invalid);
    EXPECT_THAT(error.messages().at(0).hint, HasSubstr(first));
  }
}

TEST_F(GuestPlanTest, StepsOfTheRunningGuestAreTheFewest) {
  start(macvtap("eth0", first) + macvtap("eth1", second), "");
  const GuestPlan live =
      plan(applying_one("type=macvtap,name=eth1,eth2,mode=bridge", Policy::replace), {.live = true});
  const std::vector<DeviceChange> steps = change_of(live).live;
  ASSERT_EQ(steps.size(), 2U);
  EXPECT_EQ(steps[0].before_mac, first);
  EXPECT_EQ(steps[0].after, "");
  EXPECT_EQ(steps[1].before, "");
  EXPECT_THAT(steps[1].after, HasSubstr("<source dev='eth2' mode='bridge'/>"));
}

// The test driver defines, but attaches nothing: the second of two changes always fails.
TEST_F(GuestPlanTest, AFailureAtTheRunningGuestPutsTheConfigurationBack) {
  start("", macvtap("eth1", second));
  const Guest guest = libvirt_->guest("web1");
  const std::string before = libvirt_->xml(guest, View::config, true);
  const GuestChange change = change_of(plan(applying_one("type=macvtap,name=eth0,mode=bridge")));
  ASSERT_TRUE(change.config);
  try {
    carry_out(*libvirt_, change);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::system);
    ASSERT_EQ(error.messages().size(), 2U);
    EXPECT_EQ(error.messages()[1].text, "web1 is as it was");
  }
  EXPECT_EQ(libvirt_->xml(guest, View::config, true), before);
}

TEST_F(GuestPlanTest, AConfigurationThatChangedMeanwhileIsLeftAlone) {
  start("", "");
  const GuestChange change =
      change_of(plan(applying_one("type=macvtap,name=eth0,mode=bridge"), {.config = true}));
  libvirt_->define(domain(macvtap("eth9", third)));
  try {
    carry_out(*libvirt_, change);
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "somebody else has changed the configuration of web1 meanwhile");
  }
  EXPECT_THAT(libvirt_->xml(libvirt_->guest("web1"), View::config, true), HasSubstr("eth9"));
}

}  // namespace
}  // namespace virt_iface
