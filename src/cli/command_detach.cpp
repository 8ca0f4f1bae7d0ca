// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "edit/select.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  return template_options().add(output_options());
}

Exit run(const Arguments& arguments) {
  if (arguments.has("template")) return detach_from_template(arguments);
  const auto& words = arguments.words;
  if (words.empty()) throw Error(Exit::usage, "which interface?", "virt-iface detach SEL [FILE...]");
  Selector const selector = parse_selector(words.front());
  auto const input = standard_input(arguments);
  return run_edits(arguments, {words.begin() + 1, words.end()}, input, [&] {
    return [&](const Document& document) {
      Plan plan;
      for (std::size_t const position : select(document, selector)) add_removal(document, position, plan);
      return plan;
    };
  });
}

}  // namespace

const Command detach_command{"detach", "SEL [FILE...]", "take an interface away", known, run};

}  // namespace virt_iface
