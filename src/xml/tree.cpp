// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/tree.hpp"

#include <libxml/parser.h>

#include <limits>
#include <memory>
#include <new>
#include <string>

#include "xml/libxml.hpp"

namespace virt_iface {
namespace {

std::string content_of(const xmlNode* node) {
  std::unique_ptr<xmlChar, decltype(xmlFree)> const text(xmlNodeGetContent(node), xmlFree);
  return text ? libxml::from_xml(text.get()) : "";
}

}  // namespace

Element element_of(const xmlNode* node) {
  Element element;
  element.name = libxml::from_xml(node->name);
  for (const xmlAttr* a = node->properties; a; a = a->next)
    element.attributes.push_back(
        {libxml::from_xml(a->name), content_of(reinterpret_cast<const xmlNode*>(a))});
  for (const xmlNode* child = node->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) element.children.push_back(element_of(child));
    if (child->type == XML_TEXT_NODE) element.text += libxml::from_xml(child->content);
  }
  return element;
}

Element read_tree(std::string_view text) {
  libxml::initialise();
  if (text.size() > std::numeric_limits<int>::max()) return {};
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  constexpr int options = XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_NOCDATA | XML_PARSE_HUGE |
                          XML_PARSE_NOERROR | XML_PARSE_NOWARNING;
  libxml::Doc const doc(
      xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), nullptr, "UTF-8", options));
  const xmlNode* root = doc ? xmlDocGetRootElement(doc.get()) : nullptr;
  return root ? element_of(root) : Element{};
}

}  // namespace virt_iface
