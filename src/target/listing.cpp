// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/listing.hpp"

#include "target/list_documents.hpp"
#include "target/list_guests.hpp"
#include "target/template_target.hpp"

namespace virt_iface {
namespace {

Listing list_template(const Arguments& arguments, const Selector& selector) {
  HeldTemplate const held = hold_template(arguments, false);
  Candidates const candidates = candidates_in(held.from);
  Listing listing{.domains = 1};
  for (std::size_t const position : select(candidates, selector))
    listing.records.push_back(record_of(candidates.interface(position), held.from.file, position));
  return listing;
}

}  // namespace

Listing list_interfaces(const Arguments& arguments, Target target, const Selector& selector,
                        const std::vector<std::string>& words) {
  switch (target) {
    case one_template:
      return list_template(arguments, selector);
    case libvirt:
      return list_guests(arguments, selector);
    default:
      return list_documents(arguments, selector, words);
  }
}

}  // namespace virt_iface
