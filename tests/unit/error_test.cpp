// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/error.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>

namespace virt_iface {
namespace {

TEST(PlaceIn, CountsLinesAndCharacters) {
  const Place place = place_in("t.conf", "a\nxé = y\r\nlast", 7);
  EXPECT_EQ(place.line, 2U);
  EXPECT_EQ(place.column, 5U);
  EXPECT_EQ(place.source_line, "xé = y");
}

TEST(PlaceIn, AllowsTheEndOfTheText) {
  EXPECT_EQ(place_in("f", "a\n", 2).line, 2U);
  EXPECT_EQ(place_in("f", "a\n", 2).column, 1U);
  EXPECT_EQ(place_in("f", "", 0).line, 1U);
}

TEST(PlaceFinder, FindsWhatOneThatBeginsAnewFinds) {
  const std::string lines = "a\n\nxé = y\r\nlast é" + std::string(300, 'b') + "é\r\n\n";
  for (const std::string& text :
       {lines, std::string(700, 'x') + "é" + std::string(700, 'y'), std::string()}) {
    PlaceFinder finder;
    const auto expect_same = [&](std::size_t offset) {
      const Place place = finder.find("f", text, offset);
      const std::size_t begin = text.substr(0, offset).rfind('\n') + 1;
      const auto line = static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n')) + 1;
      const Place anew = place_in_line("f", text, offset, line, begin);
      EXPECT_EQ(place.line, anew.line) << offset;
      EXPECT_EQ(place.column, anew.column) << offset;
      EXPECT_EQ(place.source_line, anew.source_line) << offset;
      EXPECT_EQ(place.cut, anew.cut) << offset;
    };
    for (std::size_t offset = 0; offset <= text.size(); offset += 1 + offset / 40) expect_same(offset);
    for (std::size_t offset = text.size(); offset > 7; offset -= 7) expect_same(offset);
  }
}

TEST(PlaceFinder, SeesTheTextGrow) {
  PlaceFinder finder;
  EXPECT_EQ(finder.find("f", "ab", 1).source_line, "ab");
  EXPECT_EQ(finder.find("f", "abc\nd", 2).source_line, "abc");
}

TEST(Format, ShowsPlaceTextCureLineAndCaret) {
  const Message message{Severity::error, place_in("d.xml", "<a>\n\t<b c='é' d/>", 15), "no value",
                        "write d=''"};
  EXPECT_EQ(format(message, {}),
            "d.xml:2:11: error: no value (write d='')\n"
            "\t<b c='é' d/>\n"
            "\t         ^\n");
}

TEST(Format, LeavesTheColumnToTheCaretWhereAsked) {
  Place place = place_in("t.conf", "mode = vpea", 7);
  place.by_line = true;
  EXPECT_EQ(format({Severity::warning, place, "odd", ""}, {}),
            "t.conf:1: warning: odd\nmode = vpea\n       ^\n");
}

TEST(Format, NamesTheProgramWithoutAPlace) {
  EXPECT_EQ(format({Severity::note, {}, "three documents", ""}, {}), "virt-iface: note: three documents\n");
  EXPECT_EQ(format({Severity::error, Place{.file = "gone.xml"}, "no such file", ""}, {}),
            "gone.xml: error: no such file\n");
}

TEST(Format, CutsALongLineAroundItsPlace) {
  const std::string text = std::string(1000, 'a') + "é!" + std::string(1000, 'b');
  const std::string out = format({Severity::error, place_in("f", text, 1002), "here", ""}, {});
  const std::size_t shown = out.find('\n') + 1;
  const std::size_t caret = out.find('\n', shown) + 1;
  EXPECT_EQ(out.substr(0, shown), "f:1:1002: error: here\n");
  EXPECT_EQ(caret - shown, 161U);
  EXPECT_EQ(out.substr(shown, 161), std::string(78, 'a') + "é!" + std::string(79, 'b') + "\n");
  EXPECT_EQ(out.substr(caret), std::string(79, ' ') + "^\n");
}

TEST(Format, KeepsControlCharactersFromTheTerminal) {
  EXPECT_EQ(format({Severity::error, place_in("a\x1b", "\x1b]0;x\x07", 0), "bad \n", ""}, {}),
            "a\\x1b:1:1: error: bad \\x0a\n\\x1b]0;x\\x07\n^\n");
}

TEST(Format, WritesJson) {
  Place place = place_in("t.conf", "mode = vpea", 7);
  place.by_line = true;
  EXPECT_EQ(
      format({Severity::error, place, "say \"x\"", "y"}, {.style = MessageStyle::json}),
      R"({"severity":"error","message":"say \"x\"","hint":"y","cure":"y","file":"t.conf","line":1,"column":8,)"
      R"("source":"mode = vpea"})"
      "\n");
  EXPECT_EQ(
      format({.text = "no slot is free", .hint = "add root ports", .id = "no-free-slot"},
             {.style = MessageStyle::json}),
      "{\"severity\":\"error\",\"id\":\"no-free-slot\",\"message\":\"no slot is free\",\"hint\":\"add root "
      "ports\",\"cure\":\"add root ports\"}\n");
  EXPECT_EQ(format({Severity::error, {}, "caf\xE9", ""}, {.style = MessageStyle::json}),
            "{\"severity\":\"error\",\"message\":\"caf\xEF\xBF\xBD\"}\n");
}

TEST(Format, WritesAnnotationsOfGitHubsWorkflows) {
  MessageFormat const how{.style = MessageStyle::github};
  EXPECT_EQ(format({Severity::error, place_in("a:b,c.xml", "x\ny", 2), "100 %\nof y", "do z"}, how),
            "::error file=a%3Ab%2Cc.xml,line=2,col=1::100 %25%0Aof y (do z)\n");
  EXPECT_EQ(format({.severity = Severity::note, .text = "done: it, all"}, how), "::notice::done: it, all\n");
  EXPECT_EQ(format({.severity = Severity::warning, .place = {.file = "t.conf"}, .text = "x"}, how),
            "::warning file=t.conf::x\n");
}

TEST(Format, ColoursOnlyWhenAsked) {
  EXPECT_EQ(format({Severity::error, {}, "x", ""}, {.colour = true}),
            "\x1b[1mvirt-iface:\x1b[0m \x1b[1;31merror:\x1b[0m x\n");
}

TEST(SystemError, TellsTheReason) {
  const Error error = system_error("cannot open x", ENOENT);
  EXPECT_EQ(error.status(), Exit::system);
  EXPECT_STREQ(error.what(), "cannot open x: No such file or directory");
}

}  // namespace
}  // namespace virt_iface
