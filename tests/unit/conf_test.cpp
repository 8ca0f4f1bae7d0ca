// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conf/conf.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "unit/told.hpp"

namespace virt_iface {
namespace {

using Items = std::vector<std::string>;

/// Everything that parsing `text` as `t.conf` tells, or empty.
std::string told(const std::string& text) {
  return test::told_by([&] { parse_conf(text, "t.conf"); });
}

/// The only entry of `[s]` with that line.
Entry entry(const std::string& line) {
  const Conf conf = parse_conf("[s]\n" + line + "\n", "t.conf");
  return conf.sections.at(0).entries.at(0);
}

TEST(Conf, ReadsSectionsAndEntries) {
  const Conf conf = parse_conf("# head\n\n[main]\na = 1\n ; c\n[interfaces.0]  # c\n\tb=2\n", "t.conf");
  ASSERT_EQ(conf.sections.size(), 2U);
  EXPECT_EQ(conf.sections[0].name, "main");
  EXPECT_EQ(conf.sections[0].entries.at(0).key, "a");
  EXPECT_EQ(conf.sections[0].entries.at(0).value, "1");
  EXPECT_EQ(conf.sections[1].name, "interfaces.0");
  EXPECT_EQ(conf.sections[1].entries.at(0).key, "b");
}

TEST(Conf, JoinsNestedHeadings) {
  const Conf conf = parse_conf("[storage]\n[[disk.0]]\n[[disk.1]]\n[[[deep]]]\n[x]\n[[y]]\n", "t.conf");
  std::vector<std::string> names;
  for (const Section& section : conf.sections) names.push_back(section.name);
  EXPECT_EQ(names, (Items{"storage", "storage.disk.0", "storage.disk.1", "storage.disk.1.deep", "x", "x.y"}));
  EXPECT_EQ(conf.sections[3].depth, 3U);
}

TEST(Conf, KnowsWhereEverythingStands) {
  const std::string text = "\xEF\xBB\xBF[a]\r\nkey =  'v'  # c\r\nempty =\r\n[b]\r\n";
  const Conf conf = parse_conf(text, "t.conf");
  const Section& a = conf.sections.at(0);
  const auto cut = [&](std::size_t begin, std::size_t end) { return text.substr(begin, end - begin); };
  EXPECT_EQ(cut(a.begin, a.end), "[a]\r\nkey =  'v'  # c\r\nempty =\r\n");
  EXPECT_EQ(cut(a.entries[0].begin, a.entries[0].end), "key =  'v'  # c\r\n");
  EXPECT_EQ(cut(a.entries[0].value_begin, a.entries[0].value_end), "'v'");
  EXPECT_EQ(text.substr(a.entries[1].value_begin, 2), "\r\n");
  EXPECT_EQ(cut(conf.sections[1].begin, conf.sections[1].end), "[b]\r\n");
  EXPECT_EQ(conf.place(a.entries[0].key_begin).line, 2U);
  EXPECT_EQ(conf.place(a.begin).column, 1U);
  EXPECT_EQ(conf.place(text.size()).line, 5U);
}

TEST(Conf, SplitsLists) {
  EXPECT_EQ(entry("k = a, b").items, (Items{"a", "b"}));
  EXPECT_EQ(entry("k = a,b,").items, (Items{"a", "b"}));
  EXPECT_EQ(entry("k = a,,b").items, (Items{"a", "", "b"}));
  EXPECT_EQ(entry("k = default,").items, (Items{"default"}));
  EXPECT_TRUE(entry("k = default,").has_comma);
  EXPECT_EQ(entry("k = 1000,5000 # c").value, "1000,5000");
}

TEST(Conf, KnowsEmptyValues) {
  for (const char* line : {"k =", "k = ", "k = # c", "k = ''", "k = \"\" ; c"}) {
    EXPECT_EQ(entry(line).value, "") << line;
    EXPECT_EQ(entry(line).items, Items{}) << line;
    EXPECT_FALSE(entry(line).has_comma) << line;
  }
  EXPECT_EQ(entry("k = ,").items, Items{});
  EXPECT_EQ(entry("k = ,").value, ",");
}

TEST(Conf, QuotesProtectCommasAndCommentSigns) {
  EXPECT_EQ(entry("k = 'a, b # c'").value, "a, b # c");
  EXPECT_EQ(entry("k = \"a;\", 'b'").items, (Items{"a;", "b"}));
  EXPECT_EQ(entry("k = O'Brien").value, "O'Brien");
  EXPECT_EQ(entry("k = \"’x’\"").value, "’x’");
}

TEST(Conf, BeginsACommentOnlyBehindWhiteSpace) {
  EXPECT_EQ(entry("k = a#b;c").value, "a#b;c");
  EXPECT_EQ(entry("k = a #b").value, "a");
  EXPECT_EQ(entry("k = a\t;b").value, "a");
}

TEST(Conf, QuotesProtectAnEqualsSignInAKey) {
  const Entry quoted = entry("\"a=b\" = c");
  EXPECT_EQ(quoted.key, "a=b");
  EXPECT_EQ(quoted.value, "c");
  EXPECT_EQ(quoted.key_begin, 5U);
}

TEST(Conf, KeepsUtf8) {
  EXPECT_EQ(entry("k = kīмсhī-пet").value, "kīмсhī-пet");
}

TEST(ConfFault, TypographicQuotes) {
  EXPECT_EQ(told("[interfaces.0]\nmode = ’bridge’\nname = “eth0”\n"),
            "t.conf:2: error: typographic quotes around the value ’bridge’ (write bridge or \"bridge\")\n"
            "mode = ’bridge’\n"
            "       ^\n"
            "t.conf:3: error: typographic quotes around the value “eth0” (write eth0 or \"eth0\")\n"
            "name = “eth0”\n"
            "       ^\n");
  EXPECT_EQ(told("[main]\nnetworks = “default, lan”\n"),
            "t.conf:2: error: typographic quotes around the value “default (write default or \"default\")\n"
            "networks = “default, lan”\n"
            "           ^\n");
}

TEST(ConfFault, BlanksOutOfAWebPage) {
  EXPECT_EQ(told("[a]\nk = \u00A0x\n\u00A0l = x\n"),
            "t.conf:2: error: the value begins or ends with a blank that is not a plain space "
            "(write a plain space, or quotes around the value)\n"
            "k = \u00A0x\n"
            "    ^\n"
            "t.conf:3: error: the line begins with a blank that is not a plain space (write a plain space)\n"
            "\u00A0l = x\n"
            "^\n");
}

TEST(ConfFault, Quotes) {
  EXPECT_EQ(told("[a]\nk = 'x\nl = 'x' y\n"),
            "t.conf:2: error: the quote is not closed (end the value with ')\n"
            "k = 'x\n"
            "    ^\n"
            "t.conf:3: error: text after the closing quote (put a comma between, or one pair of quotes "
            "around all)\n"
            "l = 'x' y\n"
            "        ^\n");
}

TEST(ConfFault, Headings) {
  EXPECT_EQ(told("[a\n[[b]\n[c] d\n[]\n"),
            "t.conf:1: error: the section heading is not closed (end it with ])\n"
            "[a\n"
            "^\n"
            "t.conf:2: error: the section heading is not closed (end it with ]])\n"
            "[[b]\n"
            "^\n"
            "t.conf:3: error: text after the section heading (put it on a line of its own)\n"
            "[c] d\n"
            "   ^\n"
            "t.conf:4: error: a section without a name\n"
            "[]\n"
            "^\n");
  EXPECT_EQ(told("[[disk.0]]\n"),
            "t.conf:1: error: the nested section disk.0 is under no section "
            "(write [disk.0], or put its parent in front)\n"
            "[[disk.0]]\n"
            "^\n");
}

TEST(ConfFault, Twice) {
  EXPECT_EQ(told("[a]\nk = 1\nk = 2\n[b]\nk = 3\n[a]\n"),
            "t.conf:3: error: key 'k' stands here twice, first in line 2 (keep one of the two)\n"
            "k = 2\n"
            "^\n"
            "t.conf:6: error: section [a] stands here twice, first in line 1 (join the two)\n"
            "[a]\n"
            "^\n");
}

TEST(ConfFault, Lines) {
  EXPECT_EQ(told("k = 1\n[a]\n  word\n = 1\n"),
            "t.conf:1: error: 'k' is before any section (begin with [main] or [interfaces.0])\n"
            "k = 1\n"
            "^\n"
            "t.conf:3: error: a line without '=' (write key = value)\n"
            "  word\n"
            "  ^\n"
            "t.conf:4: error: a value without a key (write key = value)\n"
            " = 1\n"
            " ^\n");
}

TEST(ConfFault, Bytes) {
  EXPECT_EQ(told("[a]\nk = caf\xE9\nl = \x1b[2J\n"),
            "t.conf:2: error: the text is not valid UTF-8 (save the file as UTF-8)\n"
            "k = caf\\xe9\n"
            "       ^\n"
            "t.conf:3: error: a control character in the text (remove it)\n"
            "l = \\x1b[2J\n"
            "    ^\n");
}

TEST(ConfFault, ACarriageReturnAloneIsNoLineEnd) {
  EXPECT_EQ(told("[a]\r\nk = v\r"),
            "t.conf:2: error: a control character in the text (remove it)\n"
            "k = v\n"
            "     ^\n");
}

TEST(ConfFault, StopsTellingAfterTwenty) {
  std::string text = "[a]\n";
  for (int i = 0; i < 1000; ++i) text += "word\n";
  const std::string out = told(text);
  EXPECT_EQ(std::ranges::count(out, '\n'), 20 * 3 + 1);
  EXPECT_TRUE(out.ends_with("virt-iface: note: further errors in t.conf are not reported\n"));
}

}  // namespace
}  // namespace virt_iface
