// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include <map>

#include "hook/event.hpp"
#include "hook/inject.hpp"
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

TEST(Event, ALinkInAFolderOfHooksTellsTheDriver) {
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

TEST(Job, TravelsAsWords) {
  Settings settings;
  settings.inject = Inject::both;
  settings.interfaces = parse_interface("type=ovs,name=vswitch0,vlan.tag=5,6,mac=stable", "--interface");
  Job const job = make_job(guest("kvm"), settings);
  std::vector<std::string> const words = words_of(job);
  EXPECT_THAT(words, ElementsAre("web1", "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001", "qemu:///system", "both",
                                 "60", testing::HasSubstr("vlan.tag=5,6")));
  EXPECT_EQ(words_of(job_of(words)), words);
  EXPECT_THROW(job_of({"web1"}), Error);
}

TEST(Job, OfWordsThatNoHookSaysIsNone) {
  std::vector<std::string> words{
      "web1", "1f6e9f2a-58a4-4d57-9c43-0f5a6ac7a001", "qemu:///system", "both", "60", "type=ovs,name=v"};
  EXPECT_EQ(job_of(words).how, Inject::both);
  for (const char* how : {"off", "", "bothh"}) {
    words[3] = how;
    EXPECT_THROW(job_of(words), Error) << how;
  }
  words[3] = "hotplug";
  for (const char* seconds : {"", "0", "x", "3601", "9223372036854775807", "18446744073709551616", "-1"}) {
    words[4] = seconds;
    EXPECT_THROW(job_of(words), Error) << seconds;
  }
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
  settings.interfaces = parse_interface("type=network,name=blue,mac=stable", "--interface");
  EXPECT_EQ(missing_interfaces(guest("kvm"), settings).interfaces.size(), 1U);
  Document const has = Scanner().scan(
      "<domain type='kvm'><name>web1</name><devices><interface type='network'><mac "
      "address='52:54:00:00:00:01'/>"
      "<source network='blue'/></interface></devices></domain>",
      "<stdin>");
  EXPECT_TRUE(missing_interfaces(has, settings).interfaces.empty());
}

/// Interfaces as settings hold them: each option may stand for several.
std::vector<Interface> interfaces_of(const std::vector<std::string>& options) {
  std::vector<Interface> all;
  for (const std::string& option : options)
    for (Interface& one : parse_interface(option, "--interface")) all.push_back(std::move(one));
  return all;
}

TEST(Job, AConflictOnOneSourceKeepsNoOtherFromBeingAdded) {
  Document const has = Scanner().scan(
      "<domain type='kvm'><name>web1</name><devices><interface type='direct'>"
      "<source dev='eth0' mode='bridge'/></interface></devices></domain>",
      "<stdin>");
  Settings settings;
  settings.interfaces = interfaces_of({"type=macvtap,name=eth0,mode=vepa", "type=network,name=blue"});
  Missing const missing = missing_interfaces(has, settings);
  EXPECT_EQ(missing.interfaces.size(), 1U);
  ASSERT_EQ(missing.faults.size(), 1U);
  EXPECT_THAT(missing.faults[0].text, testing::HasSubstr("mode is 'bridge'"));
}

TEST(Job, PartsBySourceInTheirOrder) {
  Settings settings;
  settings.interfaces =
      interfaces_of({"type=ovs,name=v0", "type=bridge,name=v0", "type=ovs,name=v0,vlan.tag=5"});
  std::vector<Job> const parts = by_source(make_job(guest("kvm"), settings));
  ASSERT_EQ(parts.size(), 2U);
  EXPECT_EQ(parts[0].interfaces.size(), 2U);
  EXPECT_THAT(parts[0].interfaces[1], testing::HasSubstr("vlan.tag=5"));
  EXPECT_THAT(parts[1].interfaces, ElementsAre(testing::HasSubstr("type=bridge")));
}

}  // namespace
}  // namespace virt_iface::hook
