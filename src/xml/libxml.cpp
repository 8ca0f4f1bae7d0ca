// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/libxml.hpp"

#include <libxml/parserInternals.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>
#include <libxslt/xsltutils.h>

#include <array>
#include <cctype>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <limits>
#include <new>
#include <string_view>
#include <utility>

#include "base/ending.hpp"

namespace virt_iface::libxml {
namespace {

// The loader is a plain C function without a context argument: what it may load hangs on the thread.
thread_local std::string allowed_directory;

/// Reads plain files beneath the allowed directory; everything else does not exist.
xmlParserInputPtr load(const char* url, const char* /*id*/, xmlParserCtxtPtr context) {
  if (allowed_directory.empty() || !url) return nullptr;
  try {  // no exception may pass through libxml2
    std::string const path = path_beneath(allowed_directory, url);
    return path.empty() ? nullptr : xmlNewInputFromFile(context, path.c_str());
  } catch (const std::bad_alloc&) {
    return nullptr;
  }
}

constexpr std::size_t unlimited = std::numeric_limits<std::size_t>::max();
thread_local std::size_t allowance = unlimited;

// libxslt and libxml2 do not survive every refusal of memory, and no exception may pass through them: the
// program ends here. Files are replaced whole or not at all, so that nothing is left half done.

void* got(void* memory) {
  if (!memory) end_cut_short("virt-iface: error: out of memory\n");
  return memory;
}

void* counted_malloc(std::size_t bytes) {
  take(bytes);
  return got(std::malloc(bytes != 0 ? bytes : 1));
}

void* counted_realloc(void* old, std::size_t bytes) {
  take(bytes);
  return got(std::realloc(old, bytes != 0 ? bytes : 1));
}

char* counted_strdup(const char* text) {
  std::size_t const size = std::strlen(text) + 1;
  return static_cast<char*>(std::memcpy(counted_malloc(size), text, size));
}

thread_local std::string* listener = nullptr;

/// Whatever the libraries would print goes to the thread's listener, else nowhere.
__attribute__((format(printf, 2, 3))) void collect(void* /*context*/, const char* format, ...) {
  if (!listener || listener->size() > 65536) return;
  std::array<char, 1024> piece{};
  std::va_list arguments;
  va_start(arguments, format);
  int const size = std::vsnprintf(piece.data(), piece.size(), format, arguments);
  va_end(arguments);
  try {
    if (size > 0) listener->append(piece.data());
  } catch (const std::bad_alloc&) {
    return;  // what is lost is the end of a message
  }
}

void ignore(void* /*context*/, ErrorPtr /*error*/) {}

bool prepare() {
  xmlMemSetup(std::free, counted_malloc, counted_realloc, counted_strdup);
  xmlInitParser();
  xmlSetExternalEntityLoader(load);
  xsltSetGenericErrorFunc(nullptr, collect);
  return true;
}

}  // namespace

void initialise() {
  static bool const ready = prepare();
  static_cast<void>(ready);
  // Per thread; what is not caught by a context's own handler must not reach stderr.
  thread_local bool silenced = false;
  if (std::exchange(silenced, true)) return;
  xmlSetStructuredErrorFunc(nullptr, ignore);
  xmlSetGenericErrorFunc(nullptr, collect);
}

std::string path_beneath(const std::string& directory, const char* address) {
  std::error_code failed;
  std::string path = std::filesystem::canonical(address, failed).string();
  return !failed && path.starts_with(directory == "/" ? directory : directory + "/") ? path : std::string();
}

AllowDirectory::AllowDirectory(const std::string& directory) {
  std::error_code failed;
  allowed_directory = std::filesystem::canonical(directory, failed).string();
}

AllowDirectory::~AllowDirectory() {
  allowed_directory.clear();
}

Allowance::Allowance(std::size_t bytes) {
  allowance = bytes;
}

Allowance::~Allowance() {
  allowance = unlimited;
}

void take(std::size_t bytes) {
  if (bytes > allowance)
    end_at_once("virt-iface: error: the stylesheet needs too much memory\n", Exit::invalid);
  if (allowance != unlimited) allowance -= bytes;
}

Listener::Listener(std::string& said) {
  listener = &said;
}

Listener::~Listener() {
  listener = nullptr;
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
