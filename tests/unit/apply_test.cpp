// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/apply.hpp"

#include <gtest/gtest.h>

#include "unit/documents.hpp"

namespace virt_iface {
namespace {

using test::guest;
using test::refusal;

struct Asked {
  Policy policy = Policy::ensure;
  std::string interface {};
  bool strict = false;
};

Plan planned(const Asked& asked, const std::string& devices) {
  ApplyRequest request{.policy = asked.policy, .strict = asked.strict};
  request.spec.interfaces = parse_interface(asked.interface, "--interface");
  return Applier(std::move(request)).plan(guest(devices));
}

/// The devices afterwards.
std::string applied(const Asked& asked, const std::string& devices) {
  return test::devices_of(test::edited(guest(devices), planned(asked, devices).edits));
}

const std::string bridged = "type=macvtap,name=eth0,mode=bridge";
const std::string bridge =
    "<interface type='direct'><source dev='eth0' mode='bridge'/><model type='virtio'/></interface>";
const std::string vepa =
    "<interface type='direct'><mac address='52:54:00:00:00:01'/><source dev='eth0' mode='vepa'/>"
    "<model type='virtio'/></interface>";
const std::string vepa_set =
    "<interface type='direct'><mac address='52:54:00:00:00:01'/><source dev='eth0' mode='bridge'/>"
    "<model type='virtio'/></interface>";
const std::string other = "<interface type='network'><source network='lan'/></interface>";
const std::string user = "<interface type='user'/>";

/// What each policy makes of one wanted interface; without `after` it is refused.
struct Case {
  const char* rule;
  Policy policy;
  std::string before;
  std::optional<std::string> after;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.rule;
}

class Apply : public testing::TestWithParam<Case> {};

TEST_P(Apply, FollowsThePolicy) {
  const auto& [rule, policy, before, after] = GetParam();
  const Asked asked{policy, bridged};
  if (!after) {
    EXPECT_NE(refusal([&, &text = before] { applied(asked, text); }), "") << rule;
    return;
  }
  EXPECT_EQ(applied(asked, before), *after) << rule;
  const std::string again = policy == Policy::append ? *after + bridge : *after;
  EXPECT_EQ(applied(asked, *after), again) << rule << ", again";
}

INSTANTIATE_TEST_SUITE_P(
    Policies, Apply,
    testing::Values(Case{"ensure adds what is missing", Policy::ensure, other, other + bridge},
                    Case{"ensure leaves what is there", Policy::ensure, bridge + other, bridge + other},
                    Case{"ensure refuses a difference", Policy::ensure, vepa, std::nullopt},
                    Case{"converge adds what is missing", Policy::converge, other, other + bridge},
                    Case{"converge sets what differs in place", Policy::converge, vepa, vepa_set},
                    Case{"append adds beside what is there", Policy::append, bridge, bridge + bridge},
                    Case{"replace removes what is not wanted", Policy::replace, other + vepa, vepa_set},
                    Case{"replace keeps the types that we do not make", Policy::replace, user + other,
                         user + bridge}));

TEST(ApplyEnsure, NamesInterfaceKeyAndBothValues) {
  EXPECT_EQ(refusal([] {
              applied({Policy::ensure, bridged}, vepa);
            }),
            "interface 1 (macvtap on eth0): mode is 'vepa', --interface asks for 'bridge'\n");
}

TEST(ApplyConverge, KeepsWhatWasNotAskedForWithAWarning) {
  const std::string tagged =
      "<interface type='bridge'><source bridge='s0'/><vlan><tag id='5'/></vlan>"
      "<virtualport type='openvswitch'/><model type='virtio'/></interface>";
  const Asked asked{Policy::converge, "type=ovs,name=s0"};
  EXPECT_EQ(applied(asked, tagged), tagged);
  ASSERT_EQ(planned(asked, tagged).warnings.size(), 1U);
}

TEST(ApplyReplace, StrictTakesWhatWasNotStated) {
  const std::string with_mtu =
      "<interface type='direct'><source dev='eth0' mode='bridge'/><model type='virtio'/><mtu size='1400'/>"
      "</interface>";
  EXPECT_EQ(applied({Policy::replace, bridged}, with_mtu), with_mtu);
  EXPECT_EQ(applied({Policy::replace, bridged, true}, with_mtu), bridge);
}

TEST(ApplyReplace, RefusesWhereNothingIsWanted) {
  EXPECT_NE(refusal([] { Applier({.policy = Policy::replace}).plan(guest(bridge)); }), "");
  ApplyRequest request{.policy = Policy::replace};
  request.spec.networks.emplace();  // `networks =`
  EXPECT_EQ(Applier(std::move(request)).plan(guest(bridge)).changes.size(), 1U);
}

TEST(ApplyRefuses, WhatTwoDevicesMayNotShare) {
  const std::string taken =
      "<interface type='network'><mac address='52:54:00:00:00:01'/>"
      "<source network='n'/><alias name='ua-a'/><boot order='1'/></interface>";
  for (const char* more : {",mac=52:54:00:00:00:01", ",alias.name=ua-a", ",boot.order=1"})
    EXPECT_NE(refusal([&] { applied({Policy::ensure, bridged + more}, taken); }), "") << more;
}

TEST(ApplyStableMac, IsTheSameInEveryRunAndOneForEach) {
  const Asked asked{Policy::ensure, "type=macvtap,name=eth0,eth0,mode=bridge,mac=stable"};
  const std::string once = applied(asked, "");
  EXPECT_EQ(applied(asked, ""), once);
  EXPECT_EQ(applied(asked, once), once);
  const Document document = guest(once);
  EXPECT_NE(document.domain.interfaces.at(0).at("mac/@address"),
            document.domain.interfaces.at(1).at("mac/@address"));
}

TEST(Applier, WorksOnOneDocumentAfterTheOther) {
  ApplyRequest request;
  request.spec.interfaces = parse_interface(bridged, "--interface");
  Applier applier(std::move(request));
  EXPECT_EQ(applier.plan(guest("")).changes.size(), 1U);
  EXPECT_EQ(applier.plan(guest(bridge)).changes.size(), 0U);
  EXPECT_EQ(applier.plan(guest("")).changes.size(), 1U);
}

}  // namespace
}  // namespace virt_iface
