// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/check_host.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "cli/online.hpp"
#include "edit/apply.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  return request_options()
      .add(template_options())
      .add(output_options())
      .add(check_host_options())
      .add(connect_options())
      .add(replug_options());
}

/// attach is apply that always adds: a second interface like the first is what was asked for.
Exit run(const Arguments& arguments) {
  if (arguments.has("template")) return attach_to_template(arguments);
  bool const online = is_online(arguments, arguments.words);
  auto const input = standard_input(arguments);
  Request request = read_request(arguments, online ? on_libvirt() : arguments.words, *input);
  if (virt_iface::wanted(request.spec, "", false).empty())
    throw Error(Exit::usage, "no interface is asked for", "use --interface type=...,name=...");
  ApplyRequest const attach{
      .spec = std::move(request.spec), .policy = Policy::append, .arch = arguments.text("arch")};
  check_host(arguments, wanted(attach.spec, "", false));
  if (online) return run_online(arguments, applying(attach));
  return run_edits(arguments, arguments.words, input, [&attach] {
    return [applier = std::make_shared<Applier>(attach)](const Document& document) {
      return applier->plan(document);
    };
  });
}

}  // namespace

const Command attach_command{"attach", "[FILE...]", "add interfaces, whatever is there already", known, run};

}  // namespace virt_iface
