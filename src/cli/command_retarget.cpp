// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>

#include "cli/check_host.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "edit/retarget.hpp"
#include "spec/changed.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

options::options_description known() {
  options::options_description group("Retarget");
  group.add_options()("map", options::value<Texts>()->composing()->value_name("FROM=TO"),
                      "eth0=bond0, macvtap:eth0=ovs:vswitch0; repeatable")(
      "conf,c", options::value<std::string>()->value_name("FILE"),
      "maps from the [retarget] section of a file")(
      "drop", options::value<Texts>()->composing()->value_name("KEY"),
      "what isolates the guest and may be lost: vlan, port.isolated, filterref; repeatable")(
      "arch", options::value<std::string>()->value_name("ARCH"),
      "the architecture of documents that do not say it");
  return group.add(output_options()).add(check_host_options());
}

std::vector<SourceMap> maps_of(const std::vector<std::string>& texts) {
  SourceMaps read;
  for (const std::string& text : texts) read.add(parse_map(text, "--map"));
  if (!read.faults.empty()) throw Error(Exit::invalid, std::move(read.faults));
  typed_first(read.maps);
  return std::move(read.maps);
}

Exit run(const Arguments& arguments) {
  auto const input = standard_input(arguments);
  std::vector<SourceMap> maps = maps_of(arguments.texts("map"));
  bool has_section = false;
  if (arguments.has("conf")) {
    Conf const conf = read_conf(arguments, arguments.words, *input);
    Spec spec = read_spec(conf);
    typed_first(spec.retarget);
    std::move(spec.retarget.begin(), spec.retarget.end(), std::back_inserter(maps));
    has_section = std::ranges::find(conf.sections, "retarget", &Section::name) != conf.sections.end();
  }
  // An empty section says that nothing moves; a file without one is the wrong file.
  if (maps.empty() && !has_section)
    throw Error(Exit::usage, "nothing is mapped", "use --map FROM=TO, or -c FILE with a [retarget] section");
  UpdateRules const rules{.drop = arguments.texts("drop"), .arch = arguments.text("arch")};
  require_isolating(rules.drop);
  return run_edits(arguments, arguments.words, input, [&] {
    return checked_on_host(arguments, [&, renderer = std::make_shared<Renderer>()](const Document& document) {
      return retarget(document, maps, rules, *renderer);
    });
  });
}

}  // namespace

const Command retarget_command{"retarget", "[FILE...]", "move interfaces from one source to another", known,
                               run};

}  // namespace virt_iface
