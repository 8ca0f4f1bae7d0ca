// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include "hook/check.hpp"
#include "host/nics.hpp"
#include "support/namespace.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Document guest(const std::string& interface) {
  return Scanner().scan("<domain type='kvm'><name>web1</name><devices>" + interface + "</devices></domain>",
                        "<stdin>");
}
Document on_nic(const std::string& name) {
  return guest("<interface type='direct'><mac address='52:54:00:00:00:01'/><source dev='" + name +
               "' mode='bridge'/></interface>");
}
Document on_bridge(const std::string& name) {
  return guest("<interface type='bridge'><source bridge='" + name + "'/></interface>");
}

/// The texts of the faults, each with its hint.
std::string faults(const Document& document, const Settings& settings = {.check = Check::require}) {
  std::string text;
  for (const Message& fault : check_sources(document, settings, true).faults)
    text += fault.text + " (" + fault.hint + ")\n";
  return text;
}

/// A host of its own with nicA up, nicB down, and nicC as a port of the bridge br0.
class HookCheck : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::may_unshare()) GTEST_SKIP() << "needs root and ip, for a network of its own";
  }
  static void on_host(const std::function<void()>& body) {
    test::in_own_network([&] {
      for (const char* name : {"nicA", "nicB", "nicC"})
        test::must_run("ip", {"link", "add", name, "type", "veth", "peer", "name", std::string(name) + "p"});
      test::must_run("ip", {"link", "add", "br0", "type", "bridge"});
      test::must_run("ip", {"link", "set", "nicC", "master", "br0"});
      test::must_run("ip", {"link", "set", "nicA", "up"});
      body();
    });
  }
};

TEST_F(HookCheck, FindsWhatIsThere) {
  on_host([] {
    EXPECT_THAT(faults(on_nic("nicA")), IsEmpty());
    EXPECT_THAT(faults(on_nic("br0")), HasSubstr("is down"));  // the kernel lets macvtap sit on a bridge
    EXPECT_THAT(faults(on_bridge("br0")), IsEmpty());
    EXPECT_THAT(faults(guest("<interface type='network'><source network='x'/></interface>")), IsEmpty());
    EXPECT_THAT(faults(guest("<interface type='user'/>")), IsEmpty());
  });
}

TEST_F(HookCheck, TellsGuestMacSourceAndWhatIsThereInstead) {
  on_host([] {
    EXPECT_THAT(
        faults(on_nic("nicX")),
        HasSubstr("guest web1, interface 1 (macvtap on nicX) 52:54:00:00:00:01: this host has no NIC 'nicX' "
                  "(it has nicA, nicAp, nicB, nicBp, nicCp)\n"));
    EXPECT_THAT(faults(on_bridge("br9")), HasSubstr("this host has no Linux bridge 'br9' (it has br0)\n"));
    EXPECT_THAT(faults(on_nic("nicC")), HasSubstr("is a port of br0"));
    EXPECT_THAT(faults(on_nic("lo")), HasSubstr("loopback"));
  });
}

TEST_F(HookCheck, BringsANicUpIfItMay) {
  on_host([] {
    EXPECT_THAT(faults(on_nic("nicB")), HasSubstr("'nicB' is down (ip link set nicB up"));
    Settings const settings{.bring_up = true};
    Checked const told = check_sources(on_nic("nicB"), settings, false);
    EXPECT_THAT(told.done, ElementsAre("set nicB up"));
    EXPECT_FALSE(find_nic("nicB")->up);
    Checked const done = check_sources(on_nic("nicB"), settings, true);
    EXPECT_THAT(done.faults, IsEmpty());
    EXPECT_TRUE(find_nic("nicB")->up);
  });
}

TEST_F(HookCheck, KnowsANicByItsOtherName) {
  on_host([] {
    test::must_run("ip", {"link", "property", "add", "dev", "nicA", "altname", "enx0"});
    test::must_run("ip", {"link", "property", "add", "dev", "nicB", "altname", "enx1"});
    EXPECT_THAT(faults(on_nic("enx0")), IsEmpty());
    EXPECT_THAT(faults(on_nic("enx1")), HasSubstr("'enx1' is down"));
    EXPECT_THAT(faults(on_nic("enx2")), HasSubstr("no NIC 'enx2'"));
  });
}

TEST_F(HookCheck, WithoutCheckNothingIsAFault) {
  on_host([] {
    Settings const settings{.bring_up = true};
    EXPECT_THAT(faults(on_nic("nicX"), settings), IsEmpty());
    EXPECT_THAT(faults(on_nic("nicC"), settings), IsEmpty());
    EXPECT_THAT(faults(on_bridge("br9"), settings), IsEmpty());
  });
}

TEST_F(HookCheck, AnOpenVSwitchThatDoesNotAnswerIsAFault) {
  on_host([] {
    EXPECT_THAT(
        faults(guest("<interface type='bridge'><source bridge='vs'/><virtualport type='openvswitch'/>"
                     "</interface>")),
        testing::AllOf(HasSubstr("interface 1 (ovs on vs)"), testing::Not(HasSubstr("Linux bridge"))));
  });
}

}  // namespace
}  // namespace virt_iface::hook
