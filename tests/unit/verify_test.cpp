// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/verify.hpp"

#include <gtest/gtest.h>

#include "xml/scan.hpp"

namespace virt_iface {
namespace {

const std::string head = "<domain type='kvm'><name>a</name><devices><disk/>";
const std::string one =
    "<interface type='bridge'><source bridge='br0'/><vlan><tag id='42'/></vlan></interface>";
const std::string two = "<interface type='network'><source network='n'/></interface>";
const std::string tail = "</devices></domain>";

Document scanned(const std::string& interfaces) {
  return Scanner().scan(head + interfaces + tail, "a.xml");
}

void decide(const std::string& before, const std::vector<Change>& changes, const std::string& after) {
  Document const document = scanned(before);
  require_as_decided(document, document.domain, changes, scanned(after).domain);
}

Change removal(std::size_t position) {
  return {.kind = Change::Kind::removed, .position = position};
}

TEST(RequireAsDecided, TakesWhatWasDecided) {
  Element const added = scanned(two).domain.interfaces.front();
  EXPECT_NO_THROW(decide(one + two, {}, one + two));
  EXPECT_NO_THROW(decide(one + two, {removal(1)}, two));
  EXPECT_NO_THROW(decide(one, {{.interface = added}}, one + "\n  " + two));
  EXPECT_NO_THROW(decide(one, {{.kind = Change::Kind::changed, .position = 1, .interface = added}}, two));
}

TEST(RequireAsDecided, RefusesAnyOtherList) {
  Element const added = scanned(two).domain.interfaces.front();
  EXPECT_THROW(decide(one + two, {}, one), Error);
  EXPECT_THROW(decide(one, {}, one + two), Error);
  EXPECT_THROW(decide(one + two, {removal(1)}, one), Error);
  EXPECT_THROW(decide(one, {{.interface = added}}, two + one), Error);
  EXPECT_THROW(decide(one, {{.kind = Change::Kind::changed, .position = 1, .interface = added}}, one), Error);
  std::string const untagged = "<interface type='bridge'><source bridge='br0'/></interface>";
  EXPECT_THROW(decide(one, {}, untagged), Error);
}

TEST(RequireInterfacesOnly, KeepsEditsWithinInterfaces) {
  Document const document = scanned(one + two);
  std::size_t const first = document.domain.interfaces.front().begin;
  std::size_t const last = document.domain.interfaces.back().end;
  std::size_t const disk = document.text().find("<disk/>");
  EXPECT_NO_THROW(require_interfaces_only(document, {{first + 1, first + 5, ""}, {last, last, "\n" + two}}));
  EXPECT_NO_THROW(require_interfaces_only(document, {{first, first + one.size(), ""}}));
  EXPECT_THROW(require_interfaces_only(document, {{disk, disk + 7, ""}}), Error);
  EXPECT_THROW(require_interfaces_only(document, {{disk, disk, "<hub/>"}}), Error);
  EXPECT_THROW(require_interfaces_only(document, {{disk, disk + 7, two}}), Error);
  EXPECT_THROW(require_interfaces_only(document, {{first + 3, last + 4, ""}}), Error);
  EXPECT_THROW(require_interfaces_only(document, {{first, first + 9, ""}}), Error);
  EXPECT_THROW(require_interfaces_only(document, {{last, last + 10'000, ""}}), Error);
}

}  // namespace
}  // namespace virt_iface
