// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/command.hpp"
#include "edit/update.hpp"
#include "spec/changed.hpp"
#include "target/edits.hpp"
#include "target/request.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

Plan update_all(const Document& document, const std::vector<std::size_t>& positions,
                const std::vector<Setting>& settings, const UpdateRules& rules, Renderer& renderer,
                const Plan* first) {
  Plan plan;
  if (settings.empty()) return plan;
  Updater(document, rules, renderer, first).update(positions, settings, plan);
  return plan;
}

/// KEY=VALUE: of a known key, or of an unknown one that no file is called by.
bool is_setting(const std::string& word) {
  std::size_t const equals = word.find('=');
  return equals != word.npos && (find_key(word.substr(0, equals)) || ::access(word.c_str(), F_OK) != 0);
}

/// The proposal's rule: the model is for the next start, unless there is none or --live asks for more.
std::vector<Setting> settings_for(const Scope& at, std::vector<Setting> settings, bool live_named) {
  bool const later = at.view == View::live && at.views.config && !live_named;
  if (later) std::erase_if(settings, [](const Setting& setting) { return setting.key == "model"; });
  return settings;
}

ScopedPlanner planner_of(const Arguments& arguments, const std::vector<Setting>& settings, Libvirt libvirt) {
  UpdateRules const rules{
      .drop = arguments.texts("drop"), .arch = arguments.text("arch"), .libvirt = libvirt};
  return [rules, settings, live_named = arguments.has("live"), renderer = std::make_shared<Renderer>()](
             const Document& document, const Scope& at) {
    std::vector<Setting> const mine = settings_for(at, settings, live_named);
    Plan plan = update_all(document, at.positions, mine, rules, *renderer, at.first);
    if (mine.size() != settings.size())
      plan.warnings.push_back({.severity = Severity::note,
                               .text = document.domain.name + " has the new model from its next start on"});
    return plan;
  };
}

Exit run(const Arguments& arguments) {
  constexpr const char* synopsis = "virt-iface update SEL KEY=VALUE... [FILE...]";
  require_isolating(arguments.texts("drop"));
  Selected const selected = read_selector(arguments, synopsis);
  const auto& words = selected.words;
  auto const files_begin = std::find_if_not(words.begin(), words.end(), is_setting);
  std::vector<Setting> const settings = parse_settings({words.begin(), files_begin});
  if (auto const late = std::find_if(files_begin, words.end(), is_setting); late != words.end())
    throw Error(Exit::usage, "'" + *late + "' stands behind '" + *files_begin + "': KEY=VALUE comes first",
                synopsis);
  if (settings.empty()) throw Error(Exit::usage, "no change is asked for", synopsis);
  std::vector<std::string> const files(files_begin, words.end());
  Target const target = target_of(arguments, files);
  Edits edits{.selector = selected.selector};
  edits.make_planner = [&](Libvirt libvirt) { return planner_of(arguments, settings, libvirt); };
  edits.in_template = [&](const TemplateFile& from, const std::vector<std::size_t>& positions) {
    return update_in(from, positions, settings,
                     {.words = arguments.texts("drop"), .libvirt = libvirt_of(arguments)});
  };
  edits.closing = [&] { return unmet(selected.selector); };
  return run_edits(arguments, target, edits, files, standard_input(arguments));
}

}  // namespace

const Command update_command{
    "update",
    "SEL KEY=VALUE... [FILE...]",
    "change keys of an interface; KEY= removes one",
    any_target,
    "  virt-iface update 1 link.state=down web1.xml\n"
    "  virt-iface update 52:54:00:12:34:56 source=br1 --domain web1\n"
    "  virt-iface update --where source=br0 type=ovs source=ovs0 vlan.tag=42 --all\n",
    run};

}  // namespace virt_iface
