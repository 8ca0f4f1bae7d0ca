// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/listing.hpp"

#include "base/terminal.hpp"
#include "edit/apply.hpp"
#include "spec/check_version.hpp"
#include "target/check_host.hpp"
#include "target/list_documents.hpp"
#include "target/list_guests.hpp"
#include "target/request.hpp"
#include "target/template_target.hpp"

namespace virt_iface {
namespace {

/// What apply would add: with the defaults of a KVM domain, and the network that is implied, which has no
/// position, as nothing stands there.
Listing list_template(const Arguments& arguments, const Selector& selector) {
  HeldTemplate const held = hold_template(arguments, false);
  Candidates const candidates = candidates_in(held.from, arguments.text("arch"));
  DomainTraits const traits = traits_of(Domain{.type = "kvm"}, arguments.text("arch"));
  Spec const spec = read_template(held.from);
  std::vector<Interface> const all = wanted(spec, traits.arch, true);
  check_template(arguments, all);
  require_carried(all, libvirt_of(arguments));
  Listing listing{.domains = 1};
  auto const add = [&](const Interface& interface, std::size_t position) {
    listing.records.push_back(record_of(interface, held.from.file, position));
  };
  if (selector.by == Selector::By::all && all.size() > candidates.count) {
    add(with_defaults(default_network(), traits), 0);
    if (!arguments.has("quiet"))
      tell(implied_network(spec, traits.arch), message_style(arguments.text("error-format")));
  }
  for (std::size_t const position : select(candidates, selector))
    add(candidates.interface(position), position);
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
