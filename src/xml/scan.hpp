// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "xml/document.hpp"

namespace virt_iface {

struct ScanState;

struct ScanLimits {
  /// Lifts libxml2's limits on depth (256), one text (10 MB) and entity growth, and ours on the attributes of
  /// a tag (10,000) and the elements side by side in an interface (5,000). Whoever reads the bytes heeds it
  /// too.
  bool huge = false;
};

/// Scans documents one after the other with libxml2's SAX parser, which it keeps: create one a thread.
/// Nothing outside the document is ever read.
class Scanner {
 public:
  explicit Scanner(ScanLimits limits = {});
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;
  ~Scanner();

  /// Checks that `bytes` is one well-formed document to its end, and finds the interfaces.
  /// Throws Error (invalid): not well-formed, beyond a limit, an encoding refused, not a root we know.
  Document scan(std::string bytes, std::string file);

  /// The first of several documents in UTF-8 text, with the white space behind its root. Nothing when the
  /// text ends before the root does or is not well-formed up to there: read on, or call scan for the fault.
  /// `stream` must have a NUL behind it; it begins where the last document ended, or as in the last call with
  /// more behind it. Its root may be Root::other, which scan refuses.
  std::optional<Document> scan_first(std::string_view stream, std::string file);

 private:
  std::unique_ptr<ScanState> state_;
};

}  // namespace virt_iface
