// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "cli/online.hpp"
#include "edit/select.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  return template_options().add(output_options()).add(connect_options()).add(replug_options());
}

Exit run(const Arguments& arguments) {
  if (arguments.has("template")) return detach_from_template(arguments);
  const auto& words = arguments.words;
  if (words.empty()) throw Error(Exit::usage, "which interface?", "virt-iface detach SEL [FILE...]");
  Selector const selector = parse_selector(words.front());
  std::vector<std::string> const files(words.begin() + 1, words.end());
  if (is_online(arguments, files))
    return run_online(arguments,
                      {.selector = selector,
                       .plan = [](const Document& document,
                                  const OnlineView& at) { return removal(document, at.positions); },
                       .takes_away = true});
  auto const input = standard_input(arguments);
  return run_edits(arguments, files, input, [&] {
    return [&](const Document& document) { return removal(document, select(document, selector)); };
  });
}

}  // namespace

const Command detach_command{"detach", "SEL [FILE...]", "take an interface away", known, run};

}  // namespace virt_iface
