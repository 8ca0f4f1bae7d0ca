// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/stylesheet.hpp"

#include <algorithm>
#include <filesystem>
#include <limits>
#include <new>

#include "base/error.hpp"
#include "base/file.hpp"
#include "sheet/node_reader.hpp"
#include "sheet/sandbox.hpp"
#include "xml/libxml.hpp"
#include "xml/tree.hpp"

namespace virt_iface {

struct Stylesheet::Compiled {
  Compiled(std::string its_name, libxml::Sheet its_sheet)
      : name(std::move(its_name)), sheet(std::move(its_sheet)) {}

  std::string name;
  libxml::Sheet sheet;
};

namespace {

using libxml::from_xml;
using libxml::to_xml;

libxml::Doc parse(std::string_view text, const std::string& name, const char* what, int options) {
  libxml::initialise();
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) throw std::bad_alloc();
  if (text.size() > std::numeric_limits<int>::max())
    throw Error(Exit::invalid, Place{.file = name}, std::string(what) + " is too large");
  libxml::Doc doc(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), name.c_str(),
                                    nullptr, XML_PARSE_NONET | XML_PARSE_NOCDATA | options));
  if (doc) return doc;
  const xmlError* error = xmlCtxtGetLastError(parser.get());
  if (!error || error->code == XML_ERR_NO_MEMORY) throw std::bad_alloc();
  throw Error(Exit::invalid,
              Place{.file = name,
                    .line = static_cast<std::size_t>(std::max(error->line, 0)),
                    .column = static_cast<std::size_t>(std::max(error->int2, 0))},
              std::string(what) + " is not well-formed: " + libxml::tidy(error->message));
}

libxml::Doc parse_sheet(std::string_view text, const std::string& name, int options) {
  return parse(text, name, "the stylesheet", options);
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

/// One document's fault is that document's: it stands in front, and the place in the sheet behind it.
Error on_document(const Error& error, const std::string& file) {
  std::vector<Message> messages = error.messages();
  for (Message& message : messages) {
    std::string const line = message.place.line != 0 ? ":" + std::to_string(message.place.line) : "";
    message.text.insert(0, message.place.file + line + ": ");
    message.place = {.file = file};
  }
  return Error(error.status(), std::move(messages));
}

}  // namespace

Stylesheet::Stylesheet(std::unique_ptr<Compiled> compiled) : compiled_(std::move(compiled)) {}
Stylesheet::Stylesheet(Stylesheet&&) noexcept = default;
Stylesheet& Stylesheet::operator=(Stylesheet&&) noexcept = default;
Stylesheet::~Stylesheet() = default;

Stylesheet::Stylesheet(std::string_view text, const std::string& name)
    : compiled_(std::make_unique<Compiled>(
          name, sandbox::compile(parse_sheet(text, name, XML_PARSE_NOBLANKS), name, {}))) {}

Stylesheet Stylesheet::from_file(const std::string& path) {
  std::error_code failed;
  std::string const directory = std::filesystem::canonical(path, failed).parent_path().string();
  libxml::Doc doc = parse_sheet(read_file(path), path, 0);
  return Stylesheet(std::make_unique<Compiled>(path, sandbox::compile(std::move(doc), path, directory)));
}

Element Stylesheet::apply(const Element& source) const {
  libxml::Doc const doc(xmlNewDoc(to_xml("1.0")));
  if (!doc) throw std::bad_alloc();
  xmlDocSetRootElement(doc.get(), build(doc.get(), source));
  std::string said;
  libxml::Doc const result = sandbox::run(compiled_->sheet.get(), compiled_->name, doc.get(), {}, said);
  const xmlNode* root = xmlDocGetRootElement(result.get());
  if (!root) throw Error(Exit::invalid, Place{.file = compiled_->name}, "the stylesheet made no element");
  return element_of(root);
}

Transformed Stylesheet::apply(std::string_view document, const Parameters& parameters,
                              const std::string& file) const {
  libxml::Doc const source = parse(document, file, "the document", XML_PARSE_NOENT | XML_PARSE_IGNORE_ENC);
  libxml::Allowance const allowance(sandbox::memory_limit + 128 * document.size());
  Transformed result;
  try {
    libxml::Doc const made =
        sandbox::run(compiled_->sheet.get(), compiled_->name, source.get(), parameters, result.said);
    result.document = read_result(made.get(), compiled_->name);
  } catch (const Error& error) {
    throw on_document(error, file);
  }
  return result;
}

}  // namespace virt_iface
