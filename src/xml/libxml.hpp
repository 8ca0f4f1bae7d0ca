// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libxml/parser.h>
#include <libxml/relaxng.h>
#include <libxml/tree.h>
#include <libxslt/xsltInternals.h>

#include <cstddef>
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

/// What a structured error function is handed.
#if LIBXML_VERSION >= 21200
using ErrorPtr = const xmlError*;
#else
using ErrorPtr = xmlErrorPtr;
#endif

/// Prepares both libraries once, and closes the way out: from then on nothing is loaded by an address in a
/// document. Every function that touches the libraries calls it first.
void initialise();

/// The canonical path of a file that lies beneath the canonical path `directory`; empty for any other
/// address.
std::string path_beneath(const std::string& directory, const char* address);

/// While it lives, files beneath `directory` may be loaded by this thread (a schema's includes).
class AllowDirectory {
 public:
  explicit AllowDirectory(const std::string& directory);
  AllowDirectory(const AllowDirectory&) = delete;
  AllowDirectory& operator=(const AllowDirectory&) = delete;
  ~AllowDirectory();
};

/// While it lives, this thread may ask libxml2 and libxslt for so many bytes in all, given back or not.
/// Beyond them the process ends with status 3, as it ends with status 4 where there is no memory.
class Allowance {
 public:
  explicit Allowance(std::size_t bytes);
  Allowance(const Allowance&) = delete;
  Allowance& operator=(const Allowance&) = delete;
  ~Allowance();
};

/// Counts bytes that are asked for elsewhere, for a copy of a tree of libxml2's.
void take(std::size_t bytes);

/// While it lives, what the libraries would print in this thread is added to `said`.
class Listener {
 public:
  explicit Listener(std::string& said);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener();
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
