// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace virt_iface {
namespace {

const std::vector<std::vector<std::string>> rows{
    {"domain", "mac", "link"},
    {"a-domain-of-a-very-long-name-ü", "52:54:00:00:00:01", "up"},
    {"\x1b[31mb", "", "down"}};

TEST(Table, IsAsWideAsItsCellsWhereThereIsRoom) {
  const std::string wide =
      "domain                          mac                link\n"
      "a-domain-of-a-very-long-name-ü  52:54:00:00:00:01  up\n"
      "\\x1b[31mb                       -                  down\n";
  EXPECT_EQ(format_table(rows), wide);
  EXPECT_EQ(format_table(rows, 55), wide);
}

TEST(Table, GivesUpBlanksFirst) {
  EXPECT_EQ(format_table(rows, 54),
            "domain                         mac               link\n"
            "a-domain-of-a-very-long-name-ü 52:54:00:00:00:01 up\n"
            "\\x1b[31mb                      -                 down\n");
}

TEST(Table, CutsTheWidestCellsButNoMac) {
  EXPECT_EQ(format_table(rows, 50),
            "domain                      mac               link\n"
            "a-domain-of-a-very-long-na… 52:54:00:00:00:01 up\n"
            "\\x1b[31mb                   -                 down\n");
  EXPECT_EQ(format_table(rows, 20),
            "domain            mac               link\n"
            "a-domain-of-a-ve… 52:54:00:00:00:01 up\n"
            "\\x1b[31mb         -                 down\n");
}

TEST(Table, DropsWhatMattersLeast) {
  constexpr std::array<std::string_view, 3> names{"none", "link", "mac"};
  Rows narrow = rows;
  drop_columns(narrow, names, 53, 1);
  EXPECT_EQ(narrow, rows);
  drop_columns(narrow, names, 52, 1);
  EXPECT_EQ(narrow[0], (std::vector<std::string>{"domain", "mac"}));
  narrow = rows;
  drop_columns(narrow, names, 54, 2);
  EXPECT_EQ(narrow[0], (std::vector<std::string>{"domain", "mac"}));
  drop_columns(narrow, names, 20, 1);
  EXPECT_EQ(narrow[1], std::vector<std::string>{"a-domain-of-a-very-long-name-ü"});
  narrow = rows;
  drop_columns(narrow, names, 0, 1);
  EXPECT_EQ(narrow, rows);
}

TEST(Table, ShowsWhatWouldSteerATerminalOrPartACell) {
  EXPECT_EQ(cell_text("a\u009b31m\tb\nc"), "a\\xc2\\x9b31m\\x09b\\x0ac");
  EXPECT_EQ(cell_text("\t\té"), "\\x09\\x09é");
  EXPECT_EQ(cell_text(""), "");
}

}  // namespace
}  // namespace virt_iface
