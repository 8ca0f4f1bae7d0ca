// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/edits.hpp"

#include <utility>

#include "target/check_host.hpp"
#include "target/edit_documents.hpp"
#include "target/edit_guests.hpp"
#include "target/edit_template.hpp"

namespace virt_iface {

Edits applying(ApplyRequest request) {
  Edits edits{.asked = wanted(request.spec, "", false), .takes_away = request.policy == Policy::replace};
  edits.make_planner = [request = std::move(request)] {
    return [applier = std::make_shared<Applier>(request)](const Document& document, const Scope& at) {
      return applier->plan(document, at.first);
    };
  };
  return edits;
}

Exit run_edits(const Arguments& arguments, Target target, const Edits& edits,
               const std::vector<std::string>& words, const std::shared_ptr<StdinReader>& input) {
  check_host(arguments, edits.asked);
  switch (target) {
    case one_template:
      return edit_template(arguments, edits);
    case libvirt:
      return edit_guests(arguments, edits);
    default:
      return edit_documents(arguments, edits, words, input);
  }
}

}  // namespace virt_iface
