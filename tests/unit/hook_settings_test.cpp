// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "hook/settings.hpp"
#include "hook/trusted_file.hpp"
#include "unit/directory.hpp"

namespace virt_iface::hook {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* everything = R"([hook]
check = warn
bring_up = yes
create_ovs_bridges = yes
drop = vlan, filterref
inject = both
inject_timeout = 90
connect = qemu:///session
[retarget]
nicA = nicB
macvtap:nicC = ovs:vswitch0
[retarget.web2]
nicA = nicZ
[guest.web2]
check = require
inject = off
[guest.web3]
exempt = yes
[guest.web4]
interfaces = 2
[interfaces.1]
type = macvtap
name = nicA, nicB
mode = bridge
[interfaces.2]
type = ovs
name = vswitch0
mac = 52:54:00:00:00:09
)";

std::vector<std::string> sources_of(const Settings& settings) {
  std::vector<std::string> names;
  for (const PolicyInterface& one : settings.interfaces) names.emplace_back(one.interface.get("source"));
  return names;
}

std::string fault_of(const std::string& text) {
  try {
    (void)read_settings(text, "hook.conf", "web1");
  } catch (const Error& error) {
    return format(error.messages().front(), {});
  }
  return "no fault";
}

TEST(HookSettings, SaysNothingWhereTheFileSaysNothing) {
  Settings const settings = read_settings("", "hook.conf", "web1");
  EXPECT_EQ(settings.check, Check::off);
  EXPECT_EQ(settings.inject, Inject::off);
  EXPECT_FALSE(settings.bring_up || settings.create_ovs_bridges || settings.exempt);
  EXPECT_TRUE(settings.maps.empty() && settings.interfaces.empty() && settings.drop.empty());
}

TEST(HookSettings, ReadsEverySwitch) {
  Settings const settings = read_settings(everything, "hook.conf", "web1");
  EXPECT_EQ(settings.check, Check::warn);
  EXPECT_TRUE(settings.bring_up && settings.create_ovs_bridges);
  EXPECT_THAT(settings.drop, ElementsAre("vlan", "filterref"));
  EXPECT_EQ(settings.inject, Inject::both);
  EXPECT_EQ(settings.inject_timeout, std::chrono::seconds(90));
  EXPECT_EQ(settings.connect, "qemu:///session");
  ASSERT_EQ(settings.maps.size(), 2U);
  EXPECT_EQ(settings.maps[0].from_type + ' ' + settings.maps[0].to,
            "macvtap vswitch0");  // before what is for any type
  EXPECT_EQ(settings.maps[1].to, "nicB");
}

TEST(HookSettings, AGuestsOwnSectionsComeFirst) {
  Settings const settings = read_settings(everything, "hook.conf", "web2");
  EXPECT_EQ(settings.check, Check::require);
  EXPECT_EQ(settings.inject, Inject::off);
  EXPECT_TRUE(settings.bring_up);
  ASSERT_EQ(settings.maps.size(), 3U);
  EXPECT_EQ(settings.maps[0].to, "nicZ");
  EXPECT_TRUE(read_settings(everything, "hook.conf", "web3").exempt);
}

TEST(HookSettings, AGuestsOwnSectionWinsWhereverItStands) {
  std::string const text = "[guest.web1]\ncheck = off\nexempt = no\n[hook]\ncheck = require\nguests = web2\n";
  EXPECT_EQ(read_settings(text, "hook.conf", "web1").check, Check::off);
  EXPECT_FALSE(read_settings(text, "hook.conf", "web1").exempt);
  EXPECT_TRUE(read_settings(text, "hook.conf", "web3").exempt);
}

TEST(HookSettings, LimitsInterfacesToSomeSections) {
  EXPECT_THAT(sources_of(read_settings(everything, "hook.conf", "web1")),
              ElementsAre("nicA", "nicB", "vswitch0"));
  EXPECT_THAT(sources_of(read_settings(everything, "hook.conf", "web4")), ElementsAre("vswitch0"));
}

TEST(HookSettings, AGuestThatIsLimitedGetsNoListedNetwork) {
  std::string const text =
      "[main]\nnetworks = blue\n[interfaces.1]\ntype = ovs\nname = vs0\n[guest.web4]\ninterfaces = 1\n";
  EXPECT_THAT(sources_of(read_settings(text, "hook.conf", "web4")), ElementsAre("vs0"));
  EXPECT_THAT(sources_of(read_settings(text, "hook.conf", "web1")),
              testing::UnorderedElementsAre("blue", "vs0"));
}

TEST(HookSettings, InjectedInterfacesHaveAStableMac) {
  Settings const settings = read_settings(everything, "hook.conf", "web1");
  EXPECT_EQ(settings.interfaces[0].interface.get("mac"), "stable");
  EXPECT_EQ(settings.interfaces[2].interface.get("mac"), "52:54:00:00:00:09");
}

TEST(HookSettings, KnowsWhichSectionAsksForAnInterface) {
  Settings const settings =
      read_settings(std::string("[main]\nnetworks = blue\n") + everything, "hook.conf", "web1");
  std::vector<std::string> sections;
  for (const PolicyInterface& one : settings.interfaces) sections.push_back(one.section);
  EXPECT_THAT(sections, ElementsAre("network.blue", "1", "1.2", "2"));
}

TEST(HookSettings, TakesPatternsOfGuests) {
  auto const scope = [](const std::string& guests) {
    return scope_of(read_settings("[hook]\nguests = " + guests + "\n", "hook.conf", "web1"));
  };
  EXPECT_EQ(scope("db1, web*"), "the guest matches 'web*' of guests = db1, web*");
  EXPECT_EQ(scope("web?"), "the guest matches 'web?' of guests = web?");
  for (const char* other : {"web", "*2", "we?", "web[1]", "[hook]", "web??", "WEB1", "web1 web2"})
    EXPECT_EQ(scope(other), std::string("the guest matches none of guests = ") + other);
}

TEST(HookSettings, WarnsOfWhatIsHardlyMeant) {
  auto const warnings = [](const std::string& text) {
    std::string all;
    for (const Message& message : read_settings(text, "hook.conf", "web1").warnings)
      all += format(message, {}) + '\n';
    return all;
  };
  EXPECT_EQ(warnings("[hook]\nguests = web1, db*\n"), "");
  EXPECT_THAT(warnings("[hook]\nguests = web1 web2\n"),
              HasSubstr("hook.conf:2: warning: 'web1 web2' is one name"));
  EXPECT_THAT(warnings("[hook]\nguests = a/b\n"), HasSubstr("no guest can be named 'a/b'"));
  EXPECT_THAT(warnings("[hook]\nguests = a b\n"), HasSubstr("'a b' is one name with white space in it"));
  EXPECT_THAT(warnings("[hook]\nguests =\n"), HasSubstr("guests names nobody"));
  std::string const circle =
      "[hook]\ninject = both\n[retarget]\nvs0 = vs1\n[interfaces.1]\ntype = ovs\nname = vs0\n";
  EXPECT_THAT(warnings(circle), HasSubstr("the map 'vs0 = vs1' leads away from what [interfaces.1] injects"));
}

TEST(HookSettings, TakesNoPatternOfSources) {
  for (const char* map : {"br* = ovs:x", "bridge:br? = ovs:x"})
    EXPECT_THAT(fault_of(std::string("[retarget]\n") + map + "\n"), HasSubstr("a map takes no patterns"));
  EXPECT_EQ(fault_of("[retarget]\nnetwork:a* = blue\n"), "no fault");
}

TEST(HookSettings, NeverImpliesTheDefaultNetwork) {
  EXPECT_TRUE(read_settings("[main]\nmemory = 1024\n", "hook.conf", "web1").interfaces.empty());
  EXPECT_THAT(sources_of(read_settings("[main]\nnetworks = blue\n", "hook.conf", "web1")),
              ElementsAre("blue"));
}

TEST(HookSettings, TellsEveryFaultOfAnyGuest) {
  EXPECT_THAT(fault_of("[hook]\nchek = warn\n"),
              HasSubstr("hook.conf:2: error: unknown key 'chek' in [hook]"));
  EXPECT_THAT(fault_of("[guest.web9]\nguests = a\n"), HasSubstr("unknown key 'guests' in [guest.web9]"));
  EXPECT_THAT(fault_of("[retarget.web9]\na = b\nmacvtap: = c\n"), HasSubstr("hook.conf:3"));
  EXPECT_THAT(fault_of("[retarget.web9]\na = b, c\n"), HasSubstr("a map to several names"));
  EXPECT_THAT(fault_of("[hook]\ninject_timeout = 4000\n"), HasSubstr("is not a number of seconds"));
  EXPECT_THAT(fault_of("[guest.a]\ninterfaces = 3\n"), HasSubstr("there is no [interfaces.3]"));
}

TEST(HookSettings, RefusesWhatTheJobsCommandLineWouldLose) {
  EXPECT_THAT(fault_of("[interfaces.1]\ntype = network\nname = ' blue'\n"),
              HasSubstr("source ' blue' begins or ends with a space"));
  EXPECT_THAT(fault_of("[interfaces.1]\ntype = network\nname = blue\nmac = stable\nmac.seed = 'x '\n"),
              HasSubstr("mac.seed 'x ' begins or ends with a space"));
}

TEST(HookSettings, FindsRequireInFrontOfAFault) {
  auto const before = [](const std::string& text, std::size_t line) {
    return check_before_fault(text, "hook.conf", "web1", line);
  };
  EXPECT_EQ(before("[hook]\ncheck = require\nfault\n", 3), Check::require);
  EXPECT_EQ(before("fault\n[hook]\ncheck = require\n", 1), Check::off);
  EXPECT_EQ(before("[hook]\ncheck = require\n[guest.web1]\ncheck = off\nfault\n", 5), Check::off);
  EXPECT_EQ(before("[hook]\ncheck = require\nguests = web2\nfault\n", 4), Check::off);
  EXPECT_EQ(before("[guest.web1]\ncheck = require", 9), Check::require);
}

/// A directory that is gone with it.
class Owned : public testing::Test {
 protected:
  Owned() {
    std::ofstream(file_) << "text";
    ::chmod(file_.c_str(), 0644);
  }

  test::Directory own_{};
  const std::filesystem::path& directory_ = own_.path();
  std::filesystem::path file_ = directory_ / "hook.conf";
};

TEST_F(Owned, ReadsAFileThatIsOurs) {
  EXPECT_EQ(read_trusted(file_), "text");
  EXPECT_EQ(read_trusted(directory_ / "none"), std::nullopt);
  EXPECT_EQ(read_trusted(file_ / "below"), std::nullopt);
}

TEST_F(Owned, RefusesWhatIsThereAndNoFile) {
  std::filesystem::create_symlink(directory_ / "nothing", directory_ / "link");
  EXPECT_THROW(read_trusted(directory_ / "link"), Error);
  EXPECT_THROW(read_trusted(directory_ / "link" / "below"), Error);
  ASSERT_EQ(mkfifo((directory_ / "pipe").c_str(), 0600), 0);
  EXPECT_THROW(read_trusted(directory_ / "pipe"), Error);
  EXPECT_THROW(read_trusted(directory_), Error);
}

TEST_F(Owned, RefusesWhatOthersCanWrite) {
  ::chmod(file_.c_str(), 0664);
  EXPECT_THROW(read_trusted(file_), Error);
  ::chmod(file_.c_str(), 0600);
  ::chmod(directory_.c_str(), 0757);
  EXPECT_THROW(read_trusted(file_), Error);
}

TEST_F(Owned, RefusesAnothersFile) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  ASSERT_EQ(chown(file_.c_str(), 12345, 0), 0);
  EXPECT_THROW(read_trusted(file_), Error);
  ASSERT_EQ(chown(file_.c_str(), 0, 0), 0);
  ASSERT_EQ(chown(directory_.c_str(), 12345, 0), 0);
  EXPECT_THROW(read_trusted(file_), Error);
}

TEST_F(Owned, LooksThroughALink) {
  std::filesystem::path const inner = directory_ / "inner";
  std::filesystem::create_directory(inner);
  std::filesystem::create_symlink(file_, inner / "hook.conf");
  EXPECT_EQ(read_trusted(inner / "hook.conf"), "text");
  ::chmod(directory_.c_str(), 0777);
  EXPECT_THROW(read_trusted(inner / "hook.conf"), Error);
}

}  // namespace
}  // namespace virt_iface::hook
