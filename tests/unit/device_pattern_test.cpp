// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/device_pattern.hpp"

#include <gtest/gtest.h>

#include "table/values.hpp"

namespace virt_iface {
namespace {

TEST(DevicePattern, IsCutInTheDomainsName) {
  EXPECT_EQ(device_name("{name}-{n}", "web1", 2), "web1-2");
  EXPECT_EQ(device_name("{name}-{n}", "customer-frontend", 7), "customer-fron-7");
  EXPECT_EQ(device_name("{name}-{n}", "customer-frontend", 120), "customer-fr-120");
  EXPECT_EQ(device_name("{name}", "customer-frontend", 1), "customer-fronte");
  EXPECT_EQ(device_name("t{n}", "web1", 3), "t3");
}

TEST(DevicePattern, HasNoCharacterThatADeviceCannotHave) {
  EXPECT_EQ(device_name("{name}-{n}", "a b/c:d+e", 1), "a_b_c_d_e-1");
  EXPECT_EQ(device_name("{name}-{n}", "Höhle.7", 1), "H_hle.7-1");
}

TEST(DevicePattern, KnowsWhatItMadeForAnyNumber) {
  EXPECT_TRUE(makes_device("{name}-{n}", "web1", "web1-2"));
  EXPECT_TRUE(makes_device("{name}-{n}", "web1", "web1-45"));
  EXPECT_TRUE(makes_device("{name}-{n}", "customer-frontend", "customer-fr-120"));
  EXPECT_TRUE(makes_device("t{n}x{name}", "web1", "t9xweb1"));
  for (const char* other : {"", "web1", "web1-", "web1-x", "web2-1", "web1-02", "vnet1", "customer-fron-120"})
    EXPECT_FALSE(makes_device("{name}-{n}", "web1", other)) << other;
  EXPECT_TRUE(makes_device("{name}", "web1", "web1"));
  EXPECT_FALSE(makes_device("{name}", "web1", "web1-1"));
}

TEST(DevicePattern, IsJudgedByWhatItWouldMake) {
  const Key& key = *find_key("target.dev");
  for (const char* right : {"{name}-{n}", "{name}", "t{n}", "{n}.{name}"})
    EXPECT_EQ(judge(key, "target.dev", right).fault, "") << right;
  for (const char* wrong : {"{", "{nome}-{n}", "{name}{name}", "{n}{n}", "vnet{n}", "macvtap{n}",
                            "{name}/{n}", "fourteen-bytes{n}", "a {n}"})
    EXPECT_NE(judge(key, "target.dev", wrong).fault, "") << wrong;
}

}  // namespace
}  // namespace virt_iface
