// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "edit/apply.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  return request_options().add(template_options()).add(output_options());
}

/// attach is apply that always adds: a second interface like the first is what was asked for.
Exit run(const Arguments& arguments) {
  if (arguments.has("template")) return attach_to_template(arguments);
  auto const input = standard_input(arguments);
  Request request = read_request(arguments, arguments.words, *input);
  if (virt_iface::wanted(request.spec, "", false).empty())
    throw Error(Exit::usage, "no interface is asked for", "use --interface type=...,name=...");
  ApplyRequest const attach{
      .spec = std::move(request.spec), .policy = Policy::append, .arch = arguments.text("arch")};
  return run_edits(arguments, arguments.words, input, [&attach] {
    return [applier = std::make_shared<Applier>(attach)](const Document& document) {
      return applier->plan(document);
    };
  });
}

}  // namespace

const Command attach_command{"attach", "[FILE...]", "add interfaces, whatever is there already", known, run};

}  // namespace virt_iface
