// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <atomic>
#include <memory>
#include <utility>

#include "cli/command.hpp"
#include "edit/retarget.hpp"
#include "spec/changed.hpp"
#include "target/edits.hpp"
#include "target/request.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

std::vector<SourceMap> maps_of(const std::vector<std::string>& texts) {
  SourceMaps read;
  for (const std::string& text : texts) read.add(parse_map(text, "--map"));
  if (!read.faults.empty()) throw Error(Exit::invalid, std::move(read.faults));
  typed_first(read.maps);
  return std::move(read.maps);
}

/// Which maps have fitted some interface, over all documents and threads.
class Fitted {
 public:
  explicit Fitted(const std::vector<SourceMap>& maps) : maps_(maps), fitted_(maps.size()) {}

  void note(const Document& document) {
    for (const Element& interface : document.domain.interfaces)
      if (const SourceMap* map = map_of(interface, maps_))
        fitted_[static_cast<std::size_t>(map - maps_.data())] = true;
  }

  /// A warning for each of the others.
  std::vector<Message> warnings() const {
    std::vector<Message> messages;
    for (std::size_t i = 0; i < maps_.size(); ++i)
      if (!fitted_[i])
        messages.push_back({.severity = Severity::warning,
                            .place = maps_[i].place,
                            .text = "no interface is on " + map_from(maps_[i]) + ", so the map to " +
                                    map_to(maps_[i]) + " changes nothing",
                            .id = "nothing-matches"});
    return messages;
  }

 private:
  const std::vector<SourceMap>& maps_;
  std::vector<std::atomic<bool>> fitted_;
};

Exit run(const Arguments& arguments) {
  Target const target = target_of(arguments, arguments.words);
  auto const input = standard_input(arguments);
  std::vector<SourceMap> maps = maps_of(arguments.texts("map"));
  bool has_section = false;
  if (arguments.has("conf")) {
    TemplateFile const conf = read_conf(arguments, target, arguments.words, *input);
    Spec spec = read_configuration(conf);
    typed_first(spec.retarget);
    std::move(spec.retarget.begin(), spec.retarget.end(), std::back_inserter(maps));
    has_section = spec.has_retarget;
  }
  // An empty section says that nothing moves; a file without one is the wrong file.
  if (maps.empty() && !has_section)
    throw Error(Exit::usage, "nothing is mapped", "use --map FROM=TO, or -c FILE with a [retarget] section");
  UpdateRules const rules{.drop = arguments.texts("drop"), .arch = arguments.text("arch")};
  require_isolating(rules.drop);
  Fitted fitted(maps);
  Edits edits{};
  edits.make_planner = [&](Libvirt libvirt) {
    UpdateRules mine = rules;
    mine.libvirt = libvirt;
    return [&, rules = std::move(mine), renderer = std::make_shared<Renderer>()](const Document& document,
                                                                                 const Scope& at) {
      fitted.note(document);
      return retarget(document, maps, rules, *renderer, at.first);
    };
  };
  edits.closing = [&] { return fitted.warnings(); };
  return run_edits(arguments, target, edits, arguments.words, input);
}

}  // namespace

const Command retarget_command{"retarget",
                               "[FILE...]",
                               "rewrite the sources of interfaces",
                               documents | libvirt,
                               "  virt-iface retarget --map eth0=bond0 web1.xml\n"
                               "  virt-iface retarget --map macvtap:eth0=ovs:ovs0 --diff --all\n"
                               "  virt-iface retarget -c maps.conf -r /srv/guests -i --backup .orig\n",
                               run};

}  // namespace virt_iface
