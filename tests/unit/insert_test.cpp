// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/insert.hpp"

#include <gtest/gtest.h>

#include "unit/documents.hpp"

namespace virt_iface {
namespace {

using test::edited;
using test::element;
using test::refusal;
using test::scanned;

std::string inserted(const std::string& text) {
  const Document document = scanned(text);
  return edited(
      document,
      insert_interfaces(document, {element("<interface type='network'><source network='n'/></interface>")}));
}

struct Placed {
  const char* rule;
  const char* before;
  const char* after;
};

void PrintTo(const Placed& placed, std::ostream* out) {
  *out << placed.rule;
}

class Insert : public testing::TestWithParam<Placed> {};

TEST_P(Insert, PutsTheInterface) {
  EXPECT_EQ(inserted(GetParam().before), GetParam().after) << GetParam().rule;
}

INSTANTIATE_TEST_SUITE_P(
    Places, Insert,
    testing::Values(
        Placed{"behind the last interface",
               "<domain><devices><interface type='user'/><disk/></devices></domain>",
               "<domain><devices><interface type='user'/>"
               "<interface type='network'><source network='n'/></interface><disk/></devices></domain>"},
        Placed{"behind what libvirt writes before interfaces, and before the rest",
               "<domain><devices><disk/><controller/><console/></devices></domain>",
               "<domain><devices><disk/><controller/>"
               "<interface type='network'><source network='n'/></interface><console/></devices></domain>"},
        Placed{"first where all else comes later", "<domain><devices><console/></devices></domain>",
               "<domain><devices><interface type='network'><source network='n'/></interface><console/>"
               "</devices></domain>"},
        Placed{"into an empty-element tag, which opens", "<domain><devices/></domain>",
               "<domain><devices><interface type='network'><source network='n'/></interface></devices>"
               "</domain>"},
        Placed{"into a <devices> of its own where there is none", "<domain><name>w</name></domain>",
               "<domain><name>w</name><devices><interface type='network'><source network='n'/></interface>"
               "</devices></domain>"}));

INSTANTIATE_TEST_SUITE_P(
    Styles, Insert,
    testing::Values(
        Placed{"in the neighbour's indentation and quotes",
               "<domain>\n  <devices>\n    <interface type=\"user\">\n      <mac address=\"x\"/>\n"
               "    </interface>\n  </devices>\n</domain>",
               "<domain>\n  <devices>\n    <interface type=\"user\">\n      <mac address=\"x\"/>\n"
               "    </interface>\n    <interface type=\"network\">\n      <source network=\"n\"/>\n"
               "    </interface>\n  </devices>\n</domain>"},
        Placed{"in its line ends and tabs",
               "<domain>\r\n\t<devices>\r\n\t\t<disk/>\r\n\t</devices>\r\n</domain>",
               "<domain>\r\n\t<devices>\r\n\t\t<disk/>\r\n\t\t<interface type='network'>\r\n"
               "\t\t\t<source network='n'/>\r\n\t\t</interface>\r\n\t</devices>\r\n</domain>"},
        Placed{"with its blank before the end of a tag", "<domain><devices><disk a='' /></devices></domain>",
               "<domain><devices><disk a='' /><interface type='network'><source network='n' /></interface>"
               "</devices></domain>"}));

TEST(InsertRefuses, WhatHoldsNoInterfaces) {
  EXPECT_EQ(refusal([] { inserted("<interface type='user'/>"); }),
            "this is a bare <interface>, which holds no others\n");
}

TEST(InsertRefuses, APlaceThatComesOutOfAnEntity) {
  EXPECT_EQ(refusal([] {
              inserted(
                  "<!DOCTYPE domain [<!ENTITY e \"<interface type='user'/>\">]>\n"
                  "<domain><devices>&e;</devices></domain>");
            }),
            "part of <devices> comes out of an entity before this place\n");
}

TEST(Remove, TakesTheWhiteSpaceBeforeTheElement) {
  const Document document = scanned(
      "<domain>\n  <devices>\n    <disk/>\n    <interface type='user'/> <!-- mine -->\n  </devices>\n"
      "</domain>");
  EXPECT_EQ(edited(document, {remove_element(document, document.domain.interfaces[0])}),
            "<domain>\n  <devices>\n    <disk/> <!-- mine -->\n  </devices>\n</domain>");
}

TEST(Remove, UndoesAnInsertion) {
  const std::string text = "<domain>\n <devices>\n  <disk/>\n </devices>\n</domain>\n";
  const Document document = scanned(inserted(text));
  EXPECT_EQ(edited(document, {remove_element(document, document.domain.interfaces[0])}), text);
}

}  // namespace
}  // namespace virt_iface
