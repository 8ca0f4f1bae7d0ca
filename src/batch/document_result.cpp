// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/document_result.hpp"

#include "base/text.hpp"

namespace virt_iface {

std::string check_lines(const DocumentResult& document) {
  std::vector<std::string> lines = document.differences;
  Plan first;
  const std::vector<Change>& changes = document.result.plan.changes;
  first.changes.assign(changes.begin(), changes.begin() + std::ptrdiff_t(document.result.first_changes));
  for (std::string& line : lines_of(first, document.result.interfaces))
    lines.push_back(document.label + ": " + line);
  if (lines.empty() && document.result.changed) lines.push_back(document.label + ": would be changed");
  std::string text;
  for (const std::string& line : lines) text += printable(line) + '\n';
  return text;
}

}  // namespace virt_iface
