// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/connection.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/error.hpp"

// libvirt's test driver is a real libvirt without a hypervisor: one domain `test`, one network `default`.
namespace virt_iface {
namespace {

Connection test_driver() {
  return Connection::open("test:///default");
}

std::string told(const std::function<void()>& action) {
  testing::internal::CaptureStderr();
  std::string text = "nothing failed";
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::system);
    text = error.what();
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "") << "libvirt printed by itself";
  return text;
}

TEST(Connection, KnowsAnotherHostByItsUri) {
  for (const char* uri : {"qemu+ssh://host/system", "qemu://host/system", "qemu+tls:///system",
                          "xen+ssh://u@h:22/", "test+tcp://[::1]/default", "qemu+libssh2://host"})
    EXPECT_TRUE(is_remote(uri)) << uri;
  for (const char* uri : {"", "qemu:///system", "qemu+unix:///system?socket=/run/a://b", "test:///default",
                          "xen:///", "xen://", "an-alias"})
    EXPECT_FALSE(is_remote(uri)) << uri;
}

TEST(Connection, FindsADomainByNameAndByUuid) {
  const Connection libvirt = test_driver();
  const Guest guest = libvirt.guest("test");
  EXPECT_EQ(guest.name, "test");
  EXPECT_TRUE(guest.active);
  EXPECT_TRUE(guest.persistent);
  EXPECT_EQ(libvirt.guest(guest.uuid).name, "test");
  ASSERT_EQ(libvirt.guests().size(), 1U);
  EXPECT_EQ(libvirt.guests()[0].uuid, guest.uuid);
}

TEST(Connection, NamesTheNearMissOfADomain) {
  const Connection libvirt = test_driver();
  try {
    libvirt.guest("tset");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::invalid);
    EXPECT_EQ(error.messages().at(0).text, "libvirt has no domain 'tset' on test:///default");
    EXPECT_EQ(error.messages().at(0).hint, "did you mean test?");
  }
}

TEST(Connection, TellsWhyItCannotOpen) {
  EXPECT_EQ(told([] { Connection::open("qemu+unix:///system?socket=/nowhere"); }),
            "cannot connect to qemu+unix:///system?socket=/nowhere: Failed to connect socket to '/nowhere': "
            "No such "
            "file or directory");
}

TEST(Connection, DefinesWhatItRead) {
  const Connection libvirt = test_driver();
  std::string xml = libvirt.xml(libvirt.guest("test"), View::config, true);
  const std::string mac = "aa:bb:cc:dd:ee:ff";
  xml.replace(xml.find(mac), mac.size(), "52:54:00:00:00:01");
  libvirt.define(xml);
  EXPECT_NE(libvirt.xml(libvirt.guest("test"), View::config, false).find("52:54:00:00:00:01"),
            std::string::npos);
}

TEST(Connection, TellsLibvirtsReasonBehindOurs) {
  const Connection libvirt = test_driver();
  EXPECT_EQ(told([&] { libvirt.define("<domain type='test'><name>x</name></domain>", false); }).substr(0, 26),
            "cannot define the domain: ");
  // This driver attaches no interface, and each version of it says so in its own words.
  const std::string ours = "cannot attach to the running guest test: ";
  const std::string all =
      told([&] { libvirt.attach(libvirt.guest("test"), "<interface type='user'/>", View::live); });
  EXPECT_EQ(all.substr(0, ours.size()), ours);
  EXPECT_GT(all.size(), ours.size());
}

TEST(Connection, TellsThatAnUpdateIsBeyondTheDriver) {
  const Connection libvirt = test_driver();
  const auto reason = libvirt.update(libvirt.guest("test"), "<interface type='user'/>", View::live);
  ASSERT_TRUE(reason);
  EXPECT_FALSE(reason->empty());
}

TEST(Connection, ListsNetworks) {
  const std::vector<Network> networks = test_driver().networks();
  ASSERT_EQ(networks.size(), 1U);
  EXPECT_EQ(networks[0].name, "default");
  EXPECT_TRUE(networks[0].active);
  EXPECT_EQ(networks[0].bridge, "virbr0");
}

TEST(Connection, SaysWhichSourceKnewAnAddress) {
  const Connection libvirt = test_driver();
  const Guest guest = libvirt.guest("test");
  const auto leases = libvirt.addresses(guest, AddressSource::lease);
  ASSERT_EQ(leases.size(), 1U);
  EXPECT_EQ(leases[0].mac, "aa:bb:cc:dd:ee:ff");
  EXPECT_EQ(leases[0].address, "192.168.122.3/24");
  EXPECT_EQ(to_string(leases[0].source), "lease");
}

TEST(Connection, KnowsTheHost) {
  const Connection libvirt = test_driver();
  EXPECT_EQ(libvirt.host_arch(), "i686");
  EXPECT_EQ(libvirt.uri(), "test:///default");
}

TEST(Connection, ReadOnlyShowsNoSecrets) {
  const Connection libvirt = Connection::open("test:///default", Access::read);
  const Guest guest = libvirt.guest("test");
  EXPECT_NE(libvirt.xml(guest, View::live, false).find("testnet0"), std::string::npos);
  EXPECT_THROW(libvirt.xml(guest, View::config, true), Error);
}

TEST(Connection, ADomainOutlivesIt) {
  const Guest guest = test_driver().guest("test");
  EXPECT_EQ(guest.name, "test");
}

}  // namespace
}  // namespace virt_iface
