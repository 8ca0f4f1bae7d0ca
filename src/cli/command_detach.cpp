// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/command.hpp"
#include "target/edits.hpp"
#include "target/request.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

Exit run(const Arguments& arguments) {
  Selected const selected = read_selector(arguments, "virt-iface detach SEL [FILE...]");
  Target const target = target_of(arguments, selected.words);
  Edits edits{.selector = selected.selector, .in_template = detach_from, .takes_away = true};
  edits.make_planner = [](Libvirt) {
    return [](const Document& document, const Scope& at) { return removal(document, at.positions); };
  };
  edits.closing = [&] { return unmet(selected.selector); };
  return run_edits(arguments, target, edits, selected.words, standard_input(arguments));
}

}  // namespace

const Command detach_command{"detach",
                             "SEL [FILE...]",
                             "remove an interface",
                             any_target,
                             "  virt-iface detach -1 web1.xml\n"
                             "  virt-iface detach 52:54:00:12:34:56 --domain web1\n"
                             "  virt-iface detach --where source=br0 -r /srv/guests -i --backup .orig\n",
                             run};

}  // namespace virt_iface
