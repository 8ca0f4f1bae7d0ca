// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/file.hpp"
#include "batch/document_result.hpp"

namespace virt_iface {

/// The file of --report: one line of JSON for each document as it is done, in input order.
class Report {
 public:
  /// An empty path: no report. `-` is stdout. Throws Error (system).
  explicit Report(const std::string& path);
  void add(const DocumentResult& outcome);
  void flush();
  bool on_stdout() const { return on_stdout_; }

 private:
  std::string path_;
  bool on_stdout_;
  Descriptor descriptor_{};
  std::string lines_{};
};

/// `{"file": …, "name": …, "status": …, "changes": […], "macs_added": […], "error": …}` and a line end.
std::string report_line(const DocumentResult& outcome);

}  // namespace virt_iface
