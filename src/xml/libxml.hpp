// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxslt/xsltInternals.h>

#include <memory>
#include <string>

#include "base/error.hpp"

namespace virt_iface::libxml {

/// Gives a C handle back with the library's own function.
template <auto Free>
struct Release {
  template <class T>
  void operator()(T* handle) const {
    Free(handle);
  }
};

using Doc = std::unique_ptr<xmlDoc, Release<xmlFreeDoc>>;
using Parser = std::unique_ptr<xmlParserCtxt, Release<xmlFreeParserCtxt>>;
using Sheet = std::unique_ptr<xsltStylesheet, Release<xsltFreeStylesheet>>;

/// Prepares both libraries once, and closes the way out: from then on nothing is loaded by an address in a
/// document. Every function of this folder that touches the libraries calls it first.
void initialise();

/// While it lives, files beneath `folder` may be loaded by this thread (a schema's includes).
class AllowFolder {
 public:
  explicit AllowFolder(const std::string& folder);
  AllowFolder(const AllowFolder&) = delete;
  AllowFolder& operator=(const AllowFolder&) = delete;
  ~AllowFolder();
};

/// libxml2's message in our form: lower case at the front, no line end.
std::string tidy(const char* message);

inline const xmlChar* to_xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}
inline const char* from_xml(const xmlChar* text) {
  return reinterpret_cast<const char*>(text);
}

}  // namespace virt_iface::libxml
