// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/sandbox.hpp"

#include <libxslt/documents.h>
#include <libxslt/security.h>
#include <libxslt/transform.h>
#include <libxslt/variables.h>

#include <algorithm>
#include <exception>
#include <filesystem>
#include <limits>
#include <mutex>
#include <new>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace virt_iface::sandbox {
namespace {

using libxml::from_xml;
using libxml::to_xml;

/// Steps of templates and of XPath after which a sheet counts as one that does not end: some seconds.
constexpr unsigned long step_limit = 10'000'000;

/// libxslt's loader and its compile-time messages are process-wide: one sheet is compiled at a time.
struct Compilation {
  std::mutex busy{};
  std::string directory{};  // imports come from beneath it; empty: none
  std::string refused{};    // the first import that was not loaded
};

Compilation& compilation() {
  static Compilation instance;
  return instance;
}

/// The text of a file beneath the sheet's own directory; nothing for any other address.
std::string read_beneath(const std::string& directory, const char* address) {
  std::string const path = directory.empty() ? std::string() : libxml::path_beneath(directory, address);
  std::error_code failed;
  return std::filesystem::is_regular_file(path, failed) ? read_file(path) : std::string();
}

xmlDocPtr parse_import(const std::string& text, const char* name, xmlDictPtr dict) {
  if (text.empty() || text.size() > std::numeric_limits<int>::max()) return nullptr;
  libxml::Parser const parser(xmlNewParserCtxt());
  if (!parser) return nullptr;
  xmlDictFree(parser->dict);
  parser->dict = dict;
  xmlDictReference(dict);
  libxml::Doc doc(xmlCtxtReadMemory(parser.get(), text.data(), static_cast<int>(text.size()), name, nullptr,
                                    XML_PARSE_NONET | XML_PARSE_NOCDATA));
  return doc && !doc->intSubset ? doc.release() : nullptr;
}

/// libxslt's way to every file: imports and includes, document(), and a sheet that the document itself names.
xmlDocPtr load(const xmlChar* uri, xmlDictPtr dict, int /*options*/, void* /*context*/, xsltLoadType type) {
  if (type != XSLT_LOAD_STYLESHEET) return nullptr;
  try {  // no exception may pass through libxslt
    Compilation& now = compilation();
    xmlDocPtr const doc = parse_import(read_beneath(now.directory, from_xml(uri)), from_xml(uri), dict);
    if (!doc && now.refused.empty()) now.refused = from_xml(uri);
    return doc;
  } catch (const std::exception&) {
    return nullptr;
  }
}

bool tells_place(std::string_view line) {
  return line.starts_with("runtime error") || line.starts_with("compilation error");
}

/// Without the name of libxslt's function at the front.
std::string without_function(const std::string& text) {
  std::size_t const colon = text.find(": ");
  bool const function = (text.starts_with("xslt") || text.starts_with("xmlXPath")) && colon != text.npos &&
                        text.find(' ') > colon;
  return function ? text.substr(colon + 2) : text;
}

/// The first message of libxslt: `runtime error: file F line N element E`, and what it is on the next line;
/// or what xsl:message said, which has no place.
Message first_message(const std::string& said, const std::string& sheet) {
  Message message{.place = {.file = sheet}};
  std::string text;
  std::string_view rest = said;
  bool placed = false;
  while (!rest.empty()) {
    std::string_view const line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (tells_place(line)) {
      if (placed) break;
      placed = true;
      std::size_t const number = line.find(" line ");
      std::size_t const file = line.find(" file ");
      if (file == line.npos || number == line.npos) continue;
      message.place.file = line.substr(file + 6, number - file - 6);
      message.place.line =
          to_number(line.substr(number + 6, line.find(' ', number + 6) - number - 6)).value_or(0);
    } else if (!trim(line).empty() && trim(line) != "^") {
      text.append(text.empty() ? "" : ": ").append(trim(line));
      if (placed) break;
    }
  }
  message.text = libxml::tidy(without_function(text).c_str());
  return message;
}

[[noreturn]] void throw_compile_error(const std::string& said, const std::string& name) {
  const std::string& refused = compilation().refused;
  Message message = first_message(said, name);
  if (!refused.empty())
    throw Error(Exit::invalid, Place{.file = name},
                "the stylesheet imports '" + refused + "', which is not there for it",
                "it may import files below its own directory, without a DTD, and nothing else");
  message.text = "the stylesheet does not compile" + (message.text.empty() ? "" : ": " + message.text);
  throw Error(Exit::invalid, std::vector<Message>{std::move(message)});
}

[[noreturn]] void throw_run_error(const xsltTransformContext& context, const std::string& said,
                                  const std::string& name) {
  if (context.opCount >= step_limit || context.xpathCtxt->opCount >= step_limit)
    throw Error(Exit::invalid, Place{.file = name}, "the stylesheet takes too many steps",
                "make sure that it ends");
  Message message = first_message(said, name);
  if (said.find("infinite template recursion") != said.npos) {
    message.text = "templates call each other without end";
  } else if (said.find(" denied") != said.npos || said.find(" refused") != said.npos) {
    message.text = "the stylesheet asks for a file or the network: " + message.text;
    message.hint = "it sees the document, its parameters and what it imports; nothing else";
  } else if (message.text.empty()) {
    message.text = "the stylesheet failed";
  }
  throw Error(Exit::invalid, std::vector<Message>{std::move(message)});
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

/// The last one of each name counts; libxslt would take the first.
void set_parameters(xsltTransformContextPtr context, const Stylesheet::Parameters& parameters) {
  for (auto it = parameters.rbegin(); it != parameters.rend(); ++it)
    if (std::none_of(parameters.rbegin(), it, [&](const auto& later) { return later.first == it->first; }))
      xsltQuoteOneUserParam(context, to_xml(it->first.c_str()), to_xml(it->second.c_str()));
}

}  // namespace

libxml::Sheet compile(libxml::Doc doc, const std::string& name, const std::string& directory) {
  if (doc->intSubset)
    throw Error(Exit::invalid, Place{.file = name}, "a stylesheet with a DTD is not read",
                "remove its <!DOCTYPE>; write characters for its entities");
  Compilation& now = compilation();
  std::lock_guard const lock(now.busy);
  std::string said;
  now.directory = directory;
  now.refused.clear();
  xsltSetLoaderFunc(load);
  libxml::Listener const listener(said);
  libxml::Sheet sheet(xsltParseStylesheetDoc(doc.get()));
  if (sheet) static_cast<void>(doc.release());  // the sheet owns it, but only on success
  if (!sheet || sheet->errors != 0 || !now.refused.empty()) throw_compile_error(said, name);
  return sheet;
}

libxml::Doc run(xsltStylesheetPtr sheet, const std::string& name, xmlDocPtr source,
                const Stylesheet::Parameters& parameters, std::string& said) {
  Context const context(xsltNewTransformContext(sheet, source));
  if (!context) throw std::bad_alloc();
  Preferences const preferences = forbid_everything();
  libxml::Listener const listener(said);
  xsltSetCtxtSecurityPrefs(preferences.get(), context.get());
  context->opLimit = step_limit;
  context->xpathCtxt->opLimit = step_limit;
  set_parameters(context.get(), parameters);
  libxml::Doc result(xsltApplyStylesheetUser(sheet, source, nullptr, nullptr, nullptr, context.get()));
  if (result && context->state == XSLT_STATE_OK) return result;
  throw_run_error(*context, said, name);
}

}  // namespace virt_iface::sandbox
