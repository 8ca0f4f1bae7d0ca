// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include <map>

#include "hook/event.hpp"
#include "hook/missing.hpp"
#include "hook/prepare_job.hpp"
#include "job/job.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface::hook {
namespace {

using testing::ElementsAre;

Task task_of(const std::string& operation, const std::string& suboperation) {
  return event_of({"web1", operation, suboperation, "-"}).task;
}

TEST(Event, OnlyFiveOperationsAreOurs) {
  EXPECT_EQ(task_of("migrate", "begin"), Task::retarget);
  EXPECT_EQ(task_of("restore", "begin"), Task::retarget);
  EXPECT_EQ(task_of("prepare", "begin"), Task::check);
  EXPECT_EQ(task_of("started", "begin"), Task::inject);
  EXPECT_EQ(task_of("release", "end"), Task::release);
  for (const char* operation : {"start", "stopped", "reconnect", "attach", "future", ""})
    for (const char* suboperation : {"begin", "end", "-"})
      EXPECT_EQ(task_of(operation, suboperation), Task::nothing) << operation << ' ' << suboperation;
  EXPECT_EQ(task_of("migrate", "end"), Task::nothing);
  EXPECT_EQ(event_of({}).task, Task::nothing);
  EXPECT_EQ(event_of({"web1", "migrate"}).task, Task::nothing);
}

TEST(Event, ALinkInADirectoryOfHooksTellsTheDriver) {
  const std::map<std::string, std::string> drivers{{"/etc/libvirt/hooks/qemu", "qemu"},
                                                   {"/etc/libvirt/hooks/qemu.d/50-virt-iface", "qemu"},
                                                   {"/etc/libvirt/hooks/lxc.d/a", "lxc"},
                                                   {"/usr/bin/virt-iface", ""},
                                                   {"virt-iface", ""},
                                                   {"/home/joe/hooks/virt-iface", ""},
                                                   {"./hooks/vi", ""},
                                                   {"hooks/vi", ""},
                                                   {"/home/joe/hooks/mine.d/virt-iface", ""},
                                                   {"hooks/qemu", "qemu"},
                                                   {"/srv/hooks/bhyve.d/a", "bhyve"},
                                                   {"/etc/libvirt/hooks/network", "network"},
                                                   {"/etc/libvirt/hooks/daemon.d/a", "daemon"},
                                                   {"/etc/libvirt/hooks/later", "later"},
                                                   {"/etc/libvirt/hooks/later.d/a", "later"},
                                                   {"/etc/libvirt/hooks/qemu.d/virt-iface", "qemu"},
                                                   {"/usr/share/qemu.d/virt-iface", ""},
                                                   {"", ""}};
  for (const auto& [link, driver] : drivers) EXPECT_EQ(driver_of_link(link), driver) << link;
  EXPECT_TRUE(is_our_driver("qemu") && is_our_driver("libxl"));
  EXPECT_FALSE(is_our_driver("lxc") || is_our_driver("network"));
}

Document guest(const std::string& type) {
  return Scanner().scan("<domain type='" + type +
                            "'><name>web1</name><uuid>1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001</uuid>"
                            "<os><type arch='x86_64'>hvm</type></os><devices/></domain>",
                        "<stdin>");
}

/// Interfaces as settings hold them: each option may stand for several.
std::vector<PolicyInterface> asking_for(const std::vector<std::string>& options) {
  std::vector<PolicyInterface> all;
  for (const std::string& option : options)
    for (Interface& one : parse_interface(option, "--interface")) {
      std::string const section = std::to_string(all.size() + 1);
      all.push_back({.interface = std::move(one), .section = section, .heading = "interfaces." + section});
    }
  return all;
}

std::vector<std::string> options_of(const Job& job) {
  std::vector<std::string> options;
  for (const JobInterface& interface : job.interfaces) options.push_back(interface.option);
  return options;
}

Job with_update(Job job) {
  job.updates = {{"52:54:00:00:00:01", "source=nicB"}};
  return job;
}

TEST(Job, TravelsAsText) {
  Settings settings;
  settings.inject = Inject::both;
  settings.interfaces = asking_for({"type=ovs,name=vswitch0,vlan.tag=5,6,mac=stable"});
  Job const job = job_of(text_of(with_update(make_job(guest("kvm"), settings))));
  EXPECT_EQ(job.guest, "web1");
  EXPECT_EQ(job.uuid, "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001");
  EXPECT_EQ(job.connect, "qemu:///system");
  EXPECT_EQ(job.how, Inject::both);
  EXPECT_EQ(job.timeout, std::chrono::seconds(60));
  EXPECT_THAT(job.updates, ElementsAre(ElementsAre("52:54:00:00:00:01", "source=nicB")));
  ASSERT_EQ(job.interfaces.size(), 1U);
  EXPECT_EQ(job.interfaces[0].name, "[interfaces.1] (ovs on vswitch0)");
  EXPECT_THAT(job.interfaces[0].option, testing::HasSubstr("vlan.tag=5,6"));
}

TEST(Job, OfATextThatNoHookWritesIsNone) {
  std::string const job =
      R"({"guest":"web1","uuid":"u","connect":"c","inject":"both","timeout":"60","updates":[],"interfaces":[]})";
  auto const with = [&](const std::string& old, const std::string& by) {
    return std::string(job).replace(job.find(old), old.size(), by);
  };
  EXPECT_EQ(job_of(job).how, Inject::both);
  EXPECT_THROW(job_of("web1"), Error);
  EXPECT_THROW(job_of("{}"), Error);
  for (const char* how : {"off", "", "bothh"}) EXPECT_THROW(job_of(with("both", how)), Error) << how;
  for (const char* seconds : {"", "0", "x", "3601", "9223372036854775807", "18446744073709551616", "-1"})
    EXPECT_THROW(job_of(with("60", seconds)), Error) << seconds;
}

/// The MAC that a policy gives.
std::string mac_for(Settings settings, const Document& document) {
  return mac_of(missing_interfaces(document, settings).interfaces.at(0));
}

Document named(const std::string& name, const std::string& uuid) {
  return Scanner().scan("<domain type='kvm'><name>" + name + "</name><uuid>" + uuid +
                            "</uuid><os><type arch='x86_64'>hvm</type></os><devices/></domain>",
                        "<stdin>");
}

TEST(Policy, GivesAMacByUuidAndSectionWhateverTheSourceIsCalled) {
  std::string const one = "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001";
  std::string const two = "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a002";
  auto const policy = [](const std::string& text) { return Settings{.interfaces = asking_for({text})}; };
  Settings const on_a = policy("type=macvtap,name=nicA,mode=bridge,mac=stable");
  Settings const on_b = policy("type=macvtap,name=nicB,mode=bridge,mac=stable");
  EXPECT_EQ(mac_for(on_a, named("web1", one)), mac_for(on_b, named("web1", one)));
  EXPECT_NE(mac_for(on_a, named("web1", one)), mac_for(on_a, named("web1", two)));
  Settings const site = policy("type=macvtap,name=nicA,mode=bridge,mac=stable,mac.seed=site1");
  EXPECT_NE(mac_for(site, named("web1", one)), mac_for(site, named("web2", two)));
  EXPECT_NE(mac_for(site, named("web1", one)), mac_for(on_a, named("web1", one)));
  Settings const by_name = policy("type=macvtap,name=nicA,mode=bridge,mac=stable,mac.seed=name");
  EXPECT_EQ(mac_for(by_name, named("web1", one)), mac_for(by_name, named("web1", two)));
}

TEST(Policy, KnowsItsOwnInterfaceWhereAMapHasMovedIt) {
  Settings const settings{.interfaces = asking_for({"type=ovs,name=vswitch0,mac=stable"})};
  Document const empty = guest("kvm");
  std::string text(empty.text());
  std::string const moved = "<devices><interface type='direct'><mac address='" + mac_for(settings, empty) +
                            "'/><source dev='nicB' mode='bridge'/></interface></devices>";
  text.replace(text.find("<devices/>"), std::string("<devices/>").size(), moved);
  EXPECT_TRUE(missing_interfaces(Scanner().scan(text, "<stdin>"), settings).interfaces.empty());
}

TEST(Job, XenHasItsOwnUri) {
  EXPECT_EQ(make_job(guest("xen"), {}).connect, "xen:///system");
  EXPECT_EQ(make_job(guest("qemu"), {.connect = "qemu:///session"}).connect, "qemu:///session");
}

TEST(Job, AnInterfaceComesBackFromItsOption) {
  for (const char* text : {"type=macvtap,name=nicA,mode=bridge,mac=stable,mac.seed=a,,b",
                           "type=network,name=red,,blue,source.portgroup=x",
                           "type=ovs,name=v,vlan.tag=5,6,bandwidth.inbound=1000,5000,link.state=down"}) {
    Interface const interface = parse_interface(text, "--interface").front();
    Interface const again = parse_interface(option_of(interface), "--interface").front();
    ASSERT_EQ(again.settings.size(), interface.settings.size()) << text;
    for (const Setting& setting : interface.settings)
      EXPECT_EQ(again.get(setting.key), setting.value) << text;
  }
}

TEST(Job, AsksOnlyForWhatIsMissing) {
  Settings settings;
  settings.interfaces = asking_for({"type=network,name=blue,mac=stable"});
  EXPECT_EQ(missing_interfaces(guest("kvm"), settings).interfaces.size(), 1U);
  Document const has = Scanner().scan(
      "<domain type='kvm'><name>web1</name><devices><interface type='network'><mac "
      "address='52:54:00:00:00:01'/>"
      "<source network='blue'/></interface></devices></domain>",
      "<stdin>");
  EXPECT_TRUE(missing_interfaces(has, settings).interfaces.empty());
}

TEST(Job, AConflictOnOneSourceKeepsNoOtherFromBeingAdded) {
  Document const has = Scanner().scan(
      "<domain type='kvm'><name>web1</name><devices><interface type='direct'>"
      "<source dev='eth0' mode='bridge'/></interface></devices></domain>",
      "<stdin>");
  Settings settings;
  settings.interfaces = asking_for({"type=macvtap,name=eth0,mode=vepa", "type=network,name=blue"});
  Missing const missing = missing_interfaces(has, settings);
  EXPECT_EQ(missing.interfaces.size(), 1U);
  ASSERT_EQ(missing.faults.size(), 1U);
  EXPECT_THAT(missing.faults[0].text, testing::HasSubstr("mode is 'bridge'"));
}

TEST(Job, PartsBySourceInTheirOrder) {
  Settings settings;
  settings.interfaces =
      asking_for({"type=ovs,name=v0", "type=bridge,name=v0", "type=ovs,name=v0,vlan.tag=5"});
  std::vector<Job> const parts = by_source(make_job(guest("kvm"), settings));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].interfaces.size(), 2U);
  EXPECT_THAT(parts[0].interfaces[1].option, testing::HasSubstr("vlan.tag=5"));
  EXPECT_THAT(options_of(parts[1]), ElementsAre(testing::HasSubstr("type=bridge")));
}

}  // namespace
}  // namespace virt_iface::hook
