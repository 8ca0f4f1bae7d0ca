// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "unit/documents.hpp"
#include "xml/encoding.hpp"

namespace virt_iface {
namespace {

using test::edited;
using test::scanned;

const std::string text = "<?xml version=\"1.0\"?>\r\n<!-- é -->\n<domain  type='kvm' ></domain >\n";

/// The edit that replaces the first occurrence of a text.
Edit replacing(const Document& document, std::string_view old, std::string with) {
  const std::size_t begin = document.text().find(old);
  return {begin, begin + old.size(), std::move(with)};
}

TEST(Splice, WithoutEditsIsTheInput) {
  EXPECT_EQ(edited(scanned(text), {}), text);
}

TEST(Splice, KeepsEveryByteOutsideTheEdits) {
  const Document document = scanned(text);
  EXPECT_EQ(edited(document, {replacing(document, "kvm", "qemu"), replacing(document, "é", "è")}),
            "<?xml version=\"1.0\"?>\r\n<!-- è -->\n<domain  type='qemu' ></domain >\n");
}

TEST(Splice, InsertsAtOnePlaceInTheOrderGiven) {
  const Document document = scanned("<domain></domain>");
  EXPECT_EQ(edited(document, {{8, 8, "<a/>"}, {8, 8, "<b/>"}}), "<domain><a/><b/></domain>");
}

TEST(Splice, RefusesEditsThatOverlap) {
  const Document document = scanned(text);
  EXPECT_THROW(edited(document, {{3, 6, "x"}, {5, 7, "y"}}), std::logic_error);
  EXPECT_THROW(edited(document, {{6, 3, "x"}}), std::logic_error);
}

TEST(Splice, SaysWhatStandsWhereInTheNewBytes) {
  const Spliced spliced = splice(scanned("<domain></domain>"), {{1, 7, "d"}, {10, 16, "d"}});
  EXPECT_EQ(spliced.bytes, "<d></d>");
  ASSERT_EQ(spliced.replaced.size(), 2U);
  const Replaced& second = spliced.replaced[1];
  EXPECT_THAT((std::vector{second.old_begin, second.old_end, second.new_begin, second.new_end}),
              testing::ElementsAre(10, 16, 5, 6));
}

TEST(Splice, WritesInTheDocumentsEncoding) {
  for (const char* encoding : {"UTF-16LE", "ISO-8859-1"}) {
    const std::string declared = std::string("<?xml version='1.0' encoding='") + encoding + "'?>";
    const auto bytes = [&](const std::string& name) {
      const std::string mark = std::string(encoding) == "UTF-16LE" ? "\xFF\xFE" : "";
      return mark + encode(declared + "<domain><name>" + name + "</name></domain>", encoding);
    };
    const Document document = scanned(bytes("grün"));
    EXPECT_EQ(edited(document, {replacing(document, "grün", "blå")}), bytes("blå")) << encoding;
  }
}

}  // namespace
}  // namespace virt_iface
