// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/plan.hpp"

#include "edit/types.hpp"
#include "xml/insert.hpp"

namespace virt_iface {

std::string describe(std::size_t position, const Element& interface) {
  std::string const source = source_of(interface);
  return "interface " + std::to_string(position) + " (" + type_of(interface) +
         (source.empty() ? std::string() : " on " + source) + ")";
}

void add_removal(const Document& document, std::size_t position, Plan& plan) {
  require_domain(document);
  const Element& gone = document.domain.interfaces.at(position - 1);
  require_own_text(document, gone);
  plan.edits.push_back(remove_element(document, gone));
  plan.changes.push_back({.kind = Change::Kind::removed, .position = position, .interface = gone});
}

}  // namespace virt_iface
