// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.hpp"

#include <gtest/gtest.h>

namespace virt_iface {
namespace {

constexpr std::string_view modes[] = {"bridge", "vepa", "private", "passthrough"};

TEST(Trim, TakesWhiteSpaceFromBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \t"), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Lower, TouchesAsciiOnly) {
  EXPECT_EQ(lower("AZaz09É"), "azaz09É");
}

TEST(Join, PutsSeparatorsBetween) {
  const std::string parts[] = {"a", "a", "b"};
  EXPECT_EQ(join(parts, ", "), "a, a, b");
  EXPECT_EQ(join({}, ","), "");
}

TEST(ToNumber, TakesPlainDecimalsOnly) {
  EXPECT_EQ(to_number("0"), 0U);
  EXPECT_EQ(to_number("18446744073709551615"), 18446744073709551615ULL);
  for (const char* bad : {"", "+1", "-1", " 1", "1 ", "0x10", "1.0", "18446744073709551616"}) {
    EXPECT_EQ(to_number(bad), std::nullopt) << bad;
  }
}

TEST(Nearest, FindsOneSlipInAShortWord) {
  EXPECT_EQ(nearest("vpea", modes), "vepa");
  EXPECT_EQ(nearest("brigde", modes), "bridge");
  EXPECT_EQ(nearest("VEPA", modes), "vepa");
  EXPECT_EQ(nearest("bridgeX", modes), "bridge");
}

TEST(Nearest, StaysSilentWhenNothingIsNear) {
  EXPECT_EQ(nearest("", modes), "");
  EXPECT_EQ(nearest("ovs", modes), "");
  EXPECT_EQ(nearest(std::string(100000, 'v'), modes), "");
  EXPECT_EQ(did_you_mean("ovs", modes), "");
  EXPECT_EQ(did_you_mean("vpea", modes), "did you mean vepa?");
}

TEST(IsUtf8, FollowsRfc3629) {
  for (const char* good : {"", "a", "é", "€", "kīмсhī-пet", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC3", "\xE2\x82", "\xE0\x9F\xBF", "\xED\xA0\x80",
                          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xFF", "caf\xE9"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("a\tb é"), "a\tb é");
  EXPECT_EQ(printable("\x1b[2J\x07\x7f\n"), "\\x1b[2J\\x07\\x7f\\x0a");
  EXPECT_EQ(printable("\xC2\x9B"
                      "31m\xFF"),
            "\\xc2\\x9b31m\\xff");
  EXPECT_EQ(printable("br0\u202E1rb\u2066\u061C\u200F"),
            "br0\\xe2\\x80\\xae1rb\\xe2\\x81\\xa6\\xd8\\x9c\\xe2\\x80\\x8f");
  EXPECT_EQ(printable("\u200B\u2070 \u0621\u05D0"), "\u200B\u2070 \u0621\u05D0");
}

}  // namespace
}  // namespace virt_iface
