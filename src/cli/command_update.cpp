// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>

#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "edit/select.hpp"
#include "edit/update.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Update");
  group.add_options()("drop", options::value<std::vector<std::string>>()->composing()->value_name("KEY"),
                      "what isolates the guest and may be lost: vlan, port.isolated, filterref; repeatable")(
      "arch", options::value<std::string>()->value_name("ARCH"),
      "the architecture of documents that do not say it");
  return group.add(template_options()).add(output_options());
}

/// KEY=VALUE: of a known key, or of an unknown one that no file is called by.
bool is_setting(const std::string& word) {
  std::size_t const equals = word.find('=');
  return equals != word.npos && (find_key(word.substr(0, equals)) || ::access(word.c_str(), F_OK) != 0);
}

Exit run(const Arguments& arguments) {
  if (arguments.has("template")) return update_template(arguments);
  const auto& words = arguments.words;
  if (words.empty())
    throw Error(Exit::usage, "which interface?", "virt-iface update SEL KEY=VALUE... [FILE...]");
  Selector const selector = parse_selector(words.front());
  auto const files_begin = std::find_if_not(words.begin() + 1, words.end(), is_setting);
  std::vector<Setting> const settings = parse_settings({words.begin() + 1, files_begin});
  if (settings.empty())
    throw Error(Exit::usage, "what shall change?", "virt-iface update SEL KEY=VALUE... [FILE...]");
  UpdateRules const rules{.drop = arguments.texts("drop"), .arch = arguments.text("arch")};
  auto const input = standard_input(arguments);
  return run_edits(arguments, {files_begin, words.end()}, input, [&] {
    return [&, renderer = std::make_shared<Renderer>()](const Document& document) {
      Plan plan;
      for (std::size_t const position : select(document, selector))
        add_update(document, position, settings, rules, *renderer, plan);
      return plan;
    };
  });
}

}  // namespace

const Command update_command{"update", "SEL KEY=VALUE... [FILE...]",
                             "change keys of an interface; KEY= takes one away", known, run};

}  // namespace virt_iface
