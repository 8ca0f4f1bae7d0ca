// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/document_result.hpp"

#include "base/text.hpp"

namespace virt_iface {

std::string check_lines(const DocumentResult& document) {
  std::vector<std::string> lines = document.differences;
  for (std::string& line : lines_of(document.result.plan, document.result.interfaces))
    lines.push_back(document.label + ": " + line);
  if (lines.empty() && document.result.changed) lines.push_back(document.label + ": would be changed");
  std::string text;
  for (const std::string& line : lines) text += printable(line) + '\n';
  return text;
}

}  // namespace virt_iface
