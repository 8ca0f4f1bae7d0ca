// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of documents share: a domain from its interfaces, and what edits make of it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "xml/scan.hpp"
#include "xml/splice.hpp"

namespace virt_iface::test {

inline Document scanned(std::string bytes) {
  return Scanner().scan(std::move(bytes), "<stdin>");
}

/// A kvm domain with these devices, on one line.
inline Document guest(const std::string& devices) {
  return scanned("<domain type='kvm'><name>web1</name><os><type arch='x86_64'>hvm</type></os><devices>" +
                 devices + "</devices></domain>");
}

/// An `<interface>`.
inline Element element(const std::string& text) {
  return scanned(text).domain.interfaces.front();
}

inline std::string edited(const Document& document, std::vector<Edit> edits) {
  return splice(document, std::move(edits)).bytes;
}

/// The text within `<devices>`, or `whole` if there is none.
inline std::string devices_of(const std::string& whole) {
  const std::size_t begin = whole.find("<devices>");
  return begin == whole.npos ? whole : whole.substr(begin + 9, whole.find("</devices>") - begin - 9);
}

/// The errors that the call throws, their texts alone, a line each; empty if it throws none.
template <typename Call>
std::string refusal(Call call) {
  std::string texts;
  try {
    call();
  } catch (const Error& error) {
    for (const Message& message : error.messages()) texts += message.text + '\n';
  }
  return texts;
}

}  // namespace virt_iface::test
