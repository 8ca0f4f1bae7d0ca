// SPDX-License-Identifier: LGPL-2.1-or-later
// A document, a NUL, and a stylesheet. Whatever both are: an Error, or a well-formed result; and the identity
// over the document gives back its bytes.
#include <string>

#include "oracle.hpp"
#include "sheet/stylesheet.hpp"
#include "sheet/transform.hpp"
#include "xml/scan.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

constexpr const char* head =
    "<xsl:stylesheet version='1.0' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'>";
constexpr const char* identity =
    "<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy>"
    "</xsl:template></xsl:stylesheet>";

void check(const Error& error) {
  expect(error.status() == Exit::invalid);
  fuzz::check_error(error);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  const std::size_t nul = input.rfind('\0');  // UTF-16 holds others
  const std::string document = input.substr(0, nul);
  static const Stylesheet same(std::string(head) + identity, "identity.xsl");
  try {
    Scanner().scan(document, "fuzz.xml");
    expect(transform_document(document, same, {}, "fuzz.xml").bytes == document);
  } catch (const Error& error) {
    check(error);
    return 0;
  }
  if (nul == input.npos) return 0;
  try {
    const Stylesheet sheet(head + input.substr(nul + 1) + identity, "fuzz.xsl");
    const std::string once = transform_document(document, sheet, {{"p", "x"}}, "fuzz.xml").bytes;
    expect(transform_document(once, same, {}, "again.xml").bytes == once);
  } catch (const Error& error) {
    check(error);
  }
  return 0;
}
