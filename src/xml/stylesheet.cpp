// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/stylesheet.hpp"

#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>
#include <libxslt/xsltutils.h>

#include <algorithm>
#include <array>
#include <cstdarg>
#include <cstdio>
#include <filesystem>
#include <mutex>
#include <new>

#include "base/error.hpp"
#include "base/file.hpp"
#include "xml/libxml.hpp"

namespace virt_iface {

struct Stylesheet::Compiled {
  std::string name{};
  libxml::Sheet sheet{};
};

namespace {

using libxml::from_xml;
using libxml::to_xml;

/// libxslt's loader and its compile-time messages are process-wide: one sheet is compiled at a time.
struct Compilation {
  std::mutex busy{};
  std::string folder{};  // imports come from beneath it; empty: none
};

Compilation& compilation() {
  static Compilation instance;
  return instance;
}

/// Loads imports and includes from beneath the sheet's own folder; nothing else, and nothing at run time.
xmlDocPtr load_beneath(const xmlChar* uri, xmlDictPtr dict, int /*options*/, void* /*context*/,
                       xsltLoadType type) {
  const std::string& folder = compilation().folder;
  if (type != XSLT_LOAD_STYLESHEET || folder.empty()) return nullptr;
  std::error_code failed;
  std::string const path = std::filesystem::canonical(from_xml(uri), failed).string();
  if (failed || !path.starts_with(folder + "/")) return nullptr;
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) return nullptr;
  xmlDictFree(parser->dict);
  parser->dict = dict;
  xmlDictReference(dict);
  std::string const text = read_file(path);
  return xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), path.c_str(), nullptr,
                           XML_PARSE_NONET | XML_PARSE_NOCDATA);
}

/// Collects what libxslt says, which comes in pieces and through a printf interface.
__attribute__((format(printf, 2, 3))) void collect(void* context, const char* format, ...) {
  std::array<char, 1024> piece{};
  std::va_list arguments;
  va_start(arguments, format);
  int const size = std::vsnprintf(piece.data(), piece.size(), format, arguments);
  va_end(arguments);
  if (size > 0) static_cast<std::string*>(context)->append(piece.data());
}

/// Compiles a sheet that has been read; `folder` as in Compilation.
libxml::Sheet compile(libxml::Doc doc, const std::string& name, const std::string& folder) {
  std::lock_guard const lock(compilation().busy);
  std::string said;
  compilation().folder = folder;
  xsltSetLoaderFunc(load_beneath);
  xsltSetGenericErrorFunc(&said, collect);
  libxml::Sheet sheet(xsltParseStylesheetDoc(doc.get()));
  if (sheet) static_cast<void>(doc.release());  // the sheet owns it, but only on success
  xsltSetGenericErrorFunc(nullptr, nullptr);
  if (!sheet || sheet->errors != 0)
    throw Error(Exit::invalid, Place{.file = name},
                "the stylesheet does not compile: " + libxml::tidy(said.c_str()),
                "it may import only files beneath its own folder, and no document() at all");
  return sheet;
}

libxml::Doc parse_sheet(std::string_view text, const std::string& name) {
  libxml::initialise();
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  libxml::Doc doc(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), name.c_str(),
                                    nullptr, XML_PARSE_NONET | XML_PARSE_NOCDATA));
  if (doc) return doc;
  const xmlError* error = xmlCtxtGetLastError(parser.get());
  if (!error) throw std::bad_alloc();
  throw Error(Exit::invalid,
              Place{.file = name,
                    .line = static_cast<std::size_t>(error->line),
                    .column = static_cast<std::size_t>(error->int2)},
              "the stylesheet is not well-formed: " + libxml::tidy(error->message));
}

xmlNodePtr build(xmlDocPtr doc, const Element& element) {
  xmlNodePtr node = xmlNewDocNode(doc, nullptr, to_xml(element.name.c_str()), nullptr);
  if (!node) throw std::bad_alloc();
  for (const Attribute& attribute : element.attributes)
    xmlNewProp(node, to_xml(attribute.name.c_str()), to_xml(attribute.value.c_str()));
  if (!element.text.empty()) xmlNodeAddContent(node, to_xml(element.text.c_str()));
  for (const Element& child : element.children) xmlAddChild(node, build(doc, child));
  return node;
}

std::string content_of(const xmlNode* node) {
  std::unique_ptr<xmlChar, decltype(xmlFree)> const text(xmlNodeGetContent(node), xmlFree);
  return text ? from_xml(text.get()) : "";
}

Element read(const xmlNode* node) {
  Element element;
  element.name = from_xml(node->name);
  for (const xmlAttr* a = node->properties; a; a = a->next)
    element.attributes.push_back({from_xml(a->name), content_of(reinterpret_cast<const xmlNode*>(a))});
  for (const xmlNode* child = node->children; child; child = child->next) {
    if (child->type == XML_ELEMENT_NODE) element.children.push_back(read(child));
    if (child->type == XML_TEXT_NODE) element.text += from_xml(child->content);
  }
  return element;
}

using Context = std::unique_ptr<xsltTransformContext, libxml::Release<xsltFreeTransformContext>>;
using Preferences = std::unique_ptr<xsltSecurityPrefs, libxml::Release<xsltFreeSecurityPrefs>>;

Preferences forbid_everything() {
  Preferences preferences(xsltNewSecurityPrefs());
  if (!preferences) throw std::bad_alloc();
  for (auto const what : {XSLT_SECPREF_READ_FILE, XSLT_SECPREF_WRITE_FILE, XSLT_SECPREF_CREATE_DIRECTORY,
                          XSLT_SECPREF_READ_NETWORK, XSLT_SECPREF_WRITE_NETWORK})
    xsltSetSecurityPrefs(preferences.get(), what, xsltSecurityForbid);
  return preferences;
}

/// XPath expressions and template calls after which a sheet counts as one that does not end.
constexpr unsigned long operation_limit = 50'000'000;

libxml::Doc run(xsltStylesheetPtr sheet, const std::string& name, xmlDocPtr source,
                const Stylesheet::Parameters& parameters) {
  Context const context(xsltNewTransformContext(sheet, source));
  if (!context) throw std::bad_alloc();
  Preferences const preferences = forbid_everything();
  std::string said;
  xsltSetCtxtSecurityPrefs(preferences.get(), context.get());
  xsltSetTransformErrorFunc(context.get(), &said, collect);
  context->opLimit = operation_limit;
  for (const auto& [key, value] : parameters)
    xsltQuoteOneUserParam(context.get(), to_xml(key.c_str()), to_xml(value.c_str()));
  libxml::Doc result(xsltApplyStylesheetUser(sheet, source, nullptr, nullptr, nullptr, context.get()));
  if (result && context->state == XSLT_STATE_OK) return result;
  throw Error(Exit::invalid, Place{.file = name},
              said.empty() ? "the stylesheet failed" : libxml::tidy(said.c_str()));
}

}  // namespace

Stylesheet::Stylesheet(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Stylesheet::Stylesheet(Stylesheet&&) noexcept = default;
Stylesheet& Stylesheet::operator=(Stylesheet&&) noexcept = default;
Stylesheet::~Stylesheet() = default;

Stylesheet::Stylesheet(std::string_view text, const std::string& name)
    : compiled_(std::make_unique<Compiled>(name, compile(parse_sheet(text, name), name, {}))) {}

Stylesheet Stylesheet::from_file(const std::string& path) {
  std::error_code failed;
  std::string const folder = std::filesystem::canonical(path, failed).parent_path().string();
  libxml::Doc doc = parse_sheet(read_file(path), path);
  return Stylesheet(std::make_unique<Compiled>(path, compile(std::move(doc), path, folder)));
}

Element Stylesheet::apply(const Element& source) const {
  libxml::Doc const doc(xmlNewDoc(to_xml("1.0")));
  if (!doc) throw std::bad_alloc();
  xmlDocSetRootElement(doc.get(), build(doc.get(), source));
  libxml::Doc const result = run(compiled_->sheet.get(), compiled_->name, doc.get(), {});
  const xmlNode* root = xmlDocGetRootElement(result.get());
  if (!root) throw Error(Exit::invalid, Place{.file = compiled_->name}, "the stylesheet made no element");
  return read(root);
}

std::string Stylesheet::apply(const std::string& document, const Parameters& parameters,
                              const std::string& file) const {
  libxml::Doc const source = parse_sheet(document, file);
  libxml::Doc const result = run(compiled_->sheet.get(), compiled_->name, source.get(), parameters);
  xmlChar* text = nullptr;
  int size = 0;
  if (xsltSaveResultToString(&text, &size, result.get(), compiled_->sheet.get()) < 0) throw std::bad_alloc();
  std::unique_ptr<xmlChar, decltype(xmlFree)> const owned(text, xmlFree);
  return text ? std::string(from_xml(text), static_cast<std::size_t>(size)) : std::string();
}

std::string only_templates(std::string_view sheet, const std::vector<std::string_view>& names) {
  constexpr std::string_view mark = "\n  <xsl:template match=\"";
  std::size_t here = sheet.find(mark);
  std::string result(sheet.substr(0, here));
  while (here != sheet.npos) {
    std::size_t const next = sheet.find(mark, here + 1);
    std::size_t const name = here + mark.size();
    std::string_view const match = sheet.substr(name, sheet.find('"', name) - name);
    if (std::binary_search(names.begin(), names.end(), match)) result += sheet.substr(here, next - here);
    here = next;
  }
  if (!result.ends_with("</xsl:stylesheet>\n")) result += "\n</xsl:stylesheet>\n";
  return result;
}

}  // namespace virt_iface
