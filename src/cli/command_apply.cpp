// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.hpp"
#include "cli/check_host.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/online.hpp"
#include "edit/apply.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Policy");
  group.add_options()("policy", options::value<std::string>()->value_name("ensure|converge|append|replace"),
                      "what becomes of interfaces that are there (default: ensure)")(
      "strict", "with replace: drop also what was not stated of an interface that stays")(
      "all-types", "with replace: take away interfaces of the types that virt-iface does not make, too");
  return request_options()
      .add(group)
      .add(output_options())
      .add(check_host_options())
      .add(connect_options())
      .add(replug_options());
}

Policy policy_of(const std::string& word) {
  constexpr std::array<std::string_view, 4> words{"ensure", "converge", "append", "replace"};
  for (std::size_t i = 0; i < words.size(); ++i)
    if (word == words[i]) return static_cast<Policy>(i);
  if (word.empty()) return Policy::ensure;
  std::string cure = did_you_mean(word, words);
  throw Error(Exit::usage, "policy '" + word + "' is not one of ensure, converge, append, replace", cure);
}

Exit run(const Arguments& arguments) {
  bool const online = is_online(arguments, arguments.words);
  auto const input = standard_input(arguments);
  Request request = read_request(arguments, online ? on_libvirt() : arguments.words, *input);
  ApplyRequest const apply{.spec = std::move(request.spec),
                           .policy = policy_of(arguments.text("policy")),
                           .strict = arguments.has("strict"),
                           .all_types = arguments.has("all-types"),
                           .implied_network = request.from_file,
                           .arch = arguments.text("arch")};
  if ((apply.strict || apply.all_types) && apply.policy != Policy::replace)
    throw Error(Exit::usage, "--strict and --all-types go with --policy replace");
  check_host(arguments, wanted(apply.spec, "", false));
  if (online) return run_online(arguments, applying(apply));
  return run_edits(arguments, arguments.words, input, [&apply] {
    return [applier = std::make_shared<Applier>(apply)](const Document& document) {
      return applier->plan(document);
    };
  });
}

}  // namespace

const Command apply_command{"apply", "[FILE...]", "make sure that domains have the interfaces asked for",
                            known, run};

}  // namespace virt_iface
