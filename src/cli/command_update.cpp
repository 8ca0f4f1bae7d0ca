// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>

#include "cli/check_host.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "cli/online.hpp"
#include "edit/select.hpp"
#include "edit/update.hpp"
#include "spec/changed.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Update");
  group.add_options()("drop", options::value<std::vector<std::string>>()->composing()->value_name("KEY"),
                      "what isolates the guest and may be lost: vlan, port.isolated, filterref; repeatable")(
      "arch", options::value<std::string>()->value_name("ARCH"),
      "the architecture of documents that do not say it");
  return group.add(template_options())
      .add(output_options())
      .add(check_host_options())
      .add(connect_options())
      .add(replug_options());
}

Plan update_all(const Document& document, const std::vector<std::size_t>& positions,
                const std::vector<Setting>& settings, const UpdateRules& rules, Renderer& renderer) {
  Plan plan;
  if (settings.empty()) return plan;
  Updater(document, rules, renderer).update(positions, settings, plan);
  return plan;
}

/// KEY=VALUE: of a known key, or of an unknown one that no file is called by.
bool is_setting(const std::string& word) {
  std::size_t const equals = word.find('=');
  return equals != word.npos && (find_key(word.substr(0, equals)) || ::access(word.c_str(), F_OK) != 0);
}

/// The proposal's rule: the model is for the next start, unless there is none or --live asks for more.
OnlineWork updating(const Arguments& arguments, const Selector& selector,
                    const std::vector<Setting>& settings, const UpdateRules& rules) {
  bool const live_named = arguments.has("live");
  return {.selector = selector, .plan = [=, &arguments](const Document& document, const OnlineView& at) {
            std::vector<Setting> mine = settings;
            bool const later = at.view == View::live && at.views.config && !live_named;
            if (later) std::erase_if(mine, [](const Setting& setting) { return setting.key == "model"; });
            Renderer renderer;
            Plan plan = checked_on_host(arguments, [&](const Document& checked) {
              return update_all(checked, at.positions, mine, rules, renderer);
            })(document);
            if (mine.size() != settings.size()) {
              std::string text = document.domain.name + " has the new model from its next start on";
              plan.warnings.push_back({.severity = Severity::note, .text = std::move(text)});
            }
            return plan;
          }};
}

Exit run(const Arguments& arguments) {
  require_isolating(arguments.texts("drop"));
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
  std::vector<std::string> const files(files_begin, words.end());
  if (is_online(arguments, files))
    return run_online(arguments, updating(arguments, selector, settings, rules));
  auto const input = standard_input(arguments);
  return run_edits(arguments, files, input, [&] {
    return checked_on_host(arguments, [&, renderer = std::make_shared<Renderer>()](const Document& document) {
      return update_all(document, select(document, selector), settings, rules, *renderer);
    });
  });
}

}  // namespace

const Command update_command{"update", "SEL KEY=VALUE... [FILE...]",
                             "change keys of an interface; KEY= takes one away", known, run};

}  // namespace virt_iface
