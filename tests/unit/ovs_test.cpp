// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/ovs.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "base/error.hpp"
#include "host/ovs_database.hpp"
#include "support/namespace.hpp"

namespace virt_iface {
namespace {

using Names = std::vector<std::string>;

/// Asks a daemon to end, and waits until it has removed its pid file.
void end(const std::string& pid_file) {
  pid_t pid = 0;
  std::ifstream(pid_file) >> pid;
  if (pid <= 0) return;
  kill(pid, SIGTERM);
  for (int tries = 0; tries < 500 && std::filesystem::exists(pid_file); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

/// ovsdb-server and ovs-vswitchd in the namespaces of this thread.
class Daemons {
 public:
  Daemons() {
    std::filesystem::create_directories(directory_);
    const std::string database = directory_ + "/conf.db";
    test::must_run("ovsdb-tool", {"create", database, "/usr/share/openvswitch/vswitch.ovsschema"});
    test::must_run("ovsdb-server",
                   {database, "--remote=punix:" + directory_ + "/db.sock",
                    "--pidfile=" + directory_ + "/db.pid", "--log-file=/dev/null", "--detach"});
    test::must_run("ovs-vsctl", {"--no-wait", "init"});
    test::must_run("ovs-vswitchd",
                   {"--pidfile=" + directory_ + "/vswitchd.pid", "--log-file=/dev/null", "--detach"});
    test::must_run("ovs-vsctl",
                   {"add-br", "vswitch0", "--", "set", "bridge", "vswitch0", "datapath_type=netdev"});
  }
  Daemons(const Daemons&) = delete;
  Daemons& operator=(const Daemons&) = delete;
  ~Daemons() {
    end(directory_ + "/vswitchd.pid");
    end(directory_ + "/db.pid");
  }

  pid_t database() const {
    pid_t pid = 0;
    std::ifstream(directory_ + "/db.pid") >> pid;
    return pid;
  }

 private:
  std::string directory_ = "/run/openvswitch";
};

class RealOpenVSwitch : public testing::Test {
 protected:
  void SetUp() override {
    if (!test::may_unshare() || !OpenVSwitch::installed()) GTEST_SKIP() << "needs root, ip and Open vSwitch";
  }
};

TEST_F(RealOpenVSwitch, ListsBridgesAndPorts) {
  test::in_own_network([] {
    const Daemons daemons;
    test::must_run("ip", {"link", "add", "nic0", "type", "veth", "peer", "name", "nic1"});
    test::must_run("ovs-vsctl", {"add-port", "vswitch0", "nic0"});
    const OpenVSwitch ovs;
    EXPECT_EQ(ovs.bridges(), Names{"vswitch0"});
    EXPECT_EQ(ovs.ports("vswitch0"), Names{"nic0"});
    EXPECT_TRUE(ovs.has_bridge("vswitch0"));
    EXPECT_FALSE(ovs.has_bridge("vswitch1"));
  });
}

TEST_F(RealOpenVSwitch, TheDatabaseItselfSaysWhatOvsVsctlLists) {
  test::in_own_network([] {
    const Daemons daemons;
    test::must_run("ovs-vsctl", {"add-br", "lan5", "vswitch0", "5"});
    EXPECT_EQ(test::must_run("ovs-vsctl", {"list-br"}), "lan5\nvswitch0\n");
    EXPECT_EQ(bridges_in_database(std::chrono::seconds(5)), (Names{"lan5", "vswitch0"}));
  });
}

TEST_F(RealOpenVSwitch, AddsABridgeThatWorksAndRemovesItAgain) {
  test::in_own_network([] {
    const Daemons daemons;
    const OpenVSwitch ovs;
    ovs.add_bridges({"ours0"});
    EXPECT_EQ(ovs.bridges(), (Names{"ours0", "vswitch0"}));
    EXPECT_EQ(test::must_run("ovs-vsctl", {"get", "Bridge", "ours0", "datapath_type"}), "netdev\n");
    EXPECT_EQ(ovs.empty_bridges_of_ours(), Names{"ours0"});
    ovs.delete_bridges({"ours0"});
    EXPECT_EQ(ovs.bridges(), Names{"vswitch0"});
    ovs.delete_bridges({"ours0"});
  });
}

TEST_F(RealOpenVSwitch, AddsManyBridgesOfWhichSomeAreThere) {
  test::in_own_network([] {
    const Daemons daemons;
    const OpenVSwitch ovs;
    ovs.add_bridges({"ours0", "ours1"});
    ovs.add_bridges({"ours1", "ours2"});
    EXPECT_EQ(ovs.bridges(), (Names{"ours0", "ours1", "ours2", "vswitch0"}));
    ovs.delete_bridges({"ours0", "ours2"});
    EXPECT_EQ(ovs.bridges(), (Names{"ours1", "vswitch0"}));
  });
}

TEST_F(RealOpenVSwitch, KnowsABridgeThatIsUsedOrNotOurs) {
  test::in_own_network([] {
    const Daemons daemons;
    const OpenVSwitch ovs;
    EXPECT_EQ(ovs.empty_bridges_of_ours(), Names{});
    ovs.add_bridges({"ours0", "ours1"});
    test::must_run("ip", {"link", "add", "nic0", "type", "veth", "peer", "name", "nic1"});
    test::must_run("ovs-vsctl", {"add-port", "ours0", "nic0"});
    EXPECT_EQ(ovs.empty_bridges_of_ours(), Names{"ours1"});
  });
}

TEST_F(RealOpenVSwitch, TakesNoNameForAnOptionOrACommand) {
  const OpenVSwitch ovs(std::chrono::seconds(60));
  for (const char* name : {"--", "-x", "", "a b", "a\ndel-br", "../x", "sixteen_bytes_xx"}) {
    EXPECT_THROW(ovs.add_bridges({name}), Error) << name;
    EXPECT_THROW(ovs.ports(name), Error) << name;
    EXPECT_THROW(ovs.delete_bridges({name}), Error) << name;
  }
}

TEST_F(RealOpenVSwitch, ThatIsSilentEndsInTime) {
  test::in_own_network([] {
    const Daemons daemons;
    kill(daemons.database(), SIGSTOP);
    std::string told;
    try {
      OpenVSwitch(std::chrono::seconds(1)).bridges();
    } catch (const Error& error) {
      told = error.what();
    }
    kill(daemons.database(), SIGCONT);
    EXPECT_EQ(told, "Open vSwitch did not answer within 1 s");
  });
}

TEST_F(RealOpenVSwitch, ThatDoesNotRunIsTold) {
  test::in_own_network([] {
    try {
      OpenVSwitch(std::chrono::seconds(1)).bridges();
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), Exit::system);
      EXPECT_NE(std::string(error.what()).find("Open vSwitch"), std::string::npos) << error.what();
    }
  });
}

}  // namespace
}  // namespace virt_iface
