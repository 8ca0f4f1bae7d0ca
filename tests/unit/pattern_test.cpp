// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/pattern.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/commas.hpp"

namespace virt_iface {
namespace {

TEST(FitsPattern, TakesStarsAndQuestionMarks) {
  for (const auto& [text, pattern] : {std::pair("", ""),
                                      {"", "*"},
                                      {"br0", "br?"},
                                      {"br0", "*"},
                                      {"br0", "b*0"},
                                      {"br0", "**0"},
                                      {"abcabd", "*abd"},
                                      {"é", "?"},
                                      {"aXbXc", "a*X?"}})
    EXPECT_TRUE(fits_pattern(text, pattern)) << text << ' ' << pattern;
  for (const auto& [text, pattern] : {std::pair("br0", ""),
                                      {"", "?"},
                                      {"br0", "br"},
                                      {"br0", "r*"},
                                      {"br01", "br?"},
                                      {"br0", "BR0"},
                                      {"br0", "b*1"},
                                      {"[a]", "[b]"}})
    EXPECT_FALSE(fits_pattern(text, pattern)) << text << ' ' << pattern;
}

TEST(FitsPattern, TakesAMeaningAwayBehindABackslash) {
  EXPECT_TRUE(fits_pattern("a*", R"(a\*)"));
  EXPECT_FALSE(fits_pattern("ab", R"(a\*)"));
  EXPECT_TRUE(fits_pattern(R"(a\b)", R"(a\\b)"));
  EXPECT_TRUE(fits_pattern(R"(a\)", R"(a\)"));
}

TEST(IsPattern, LooksForSignsWithTheirMeaning) {
  EXPECT_TRUE(is_pattern("web*"));
  EXPECT_TRUE(is_pattern(R"(\\?)"));
  EXPECT_FALSE(is_pattern(R"(web\*)"));
  EXPECT_FALSE(is_pattern("web1"));
}

TEST(SplitAtCommas, MakesADoubledCommaOne) {
  EXPECT_THAT(split_at_commas("a=1,b=2,,3,"), testing::ElementsAre("a=1", "b=2,3", ""));
  EXPECT_THAT(split_at_commas(""), testing::ElementsAre(""));
}

}  // namespace
}  // namespace virt_iface
