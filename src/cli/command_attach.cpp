// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/command.hpp"
#include "target/edits.hpp"
#include "target/request.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

/// attach is apply that always adds: a second interface like the first is what was asked for.
Exit run(const Arguments& arguments) {
  Target const target = target_of(arguments, arguments.words);
  auto const input = standard_input(arguments);
  Request request = read_request(arguments, target, arguments.words, *input);
  if (virt_iface::wanted(request.spec, "", false).empty())
    throw Error(Exit::usage, "no interface is asked for", "use --interface type=...,name=...");
  Edits edits =
      applying({.spec = std::move(request.spec), .policy = Policy::append, .arch = arguments.text("arch")});
  edits.in_template = [added = edits.asked, arch = arguments.text("arch")](
                          const TemplateFile& from, const auto&) { return attach_to(from, added, arch); };
  return run_edits(arguments, target, edits, arguments.words, input);
}

}  // namespace

const Command attach_command{
    "attach",
    "[FILE...]",
    "add interfaces, whatever is there already",
    any_target,
    "  virt-iface attach --interface type=ovs,name=ovs0,vlan.tag=42 web1.xml\n"
    "  virt-iface attach --interface type=network,name=lan --domain web1\n"
    "  virt-iface attach --interface type=bridge,name=br0 --template template.conf -i\n",
    run};

}  // namespace virt_iface
