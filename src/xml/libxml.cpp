// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/libxml.hpp"

#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>

#include <cctype>
#include <filesystem>

namespace virt_iface::libxml {
namespace {

// The loader is a plain C function without a context argument: what it may load hangs on the thread.
thread_local std::string allowed_folder;

/// Reads plain files beneath the allowed folder; everything else does not exist.
xmlParserInputPtr load(const char* url, const char* /*id*/, xmlParserCtxtPtr context) {
  if (allowed_folder.empty() || !url) return nullptr;
  std::error_code failed;
  std::string const path = std::filesystem::canonical(url, failed).string();
  if (failed || !path.starts_with(allowed_folder + "/")) return nullptr;
  return xmlNewInputFromFile(context, path.c_str());
}

void ignore(void* /*context*/, xmlErrorPtr /*error*/) {}

bool prepare() {
  xmlInitParser();
  xmlSetExternalEntityLoader(load);
  return true;
}

}  // namespace

void initialise() {
  static bool const ready = prepare();
  static_cast<void>(ready);
  // Per thread; what is not caught by a context's own handler must not reach stderr.
  if (xmlStructuredError != ignore) xmlSetStructuredErrorFunc(nullptr, ignore);
}

AllowFolder::AllowFolder(const std::string& folder) {
  std::error_code failed;
  allowed_folder = std::filesystem::canonical(folder, failed).string();
}

AllowFolder::~AllowFolder() {
  allowed_folder.clear();
}

std::string tidy(const char* message) {
  std::string text = message ? message : "";
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ' || text.back() == '.')) text.pop_back();
  for (char& c : text)
    if (c == '\n') c = ' ';
  if (text.size() > 1 && std::islower(static_cast<unsigned char>(text[1])))
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace virt_iface::libxml
