// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/text.hpp"
#include "cli/command.hpp"
#include "spec/changed.hpp"
#include "target/edits.hpp"
#include "target/request.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

Policy policy_of(const std::string& word) {
  constexpr std::array<std::string_view, 4> words{"ensure", "converge", "append", "replace"};
  for (std::size_t i = 0; i < words.size(); ++i)
    if (word == words[i]) return static_cast<Policy>(i);
  if (word.empty()) return Policy::ensure;
  std::string hint = did_you_mean(word, words);
  throw Error(Exit::usage, "policy '" + word + "' is not one of ensure, converge, append, replace", hint);
}

Exit run(const Arguments& arguments) {
  Target const target = target_of(arguments, arguments.words);
  auto const input = standard_input(arguments);
  Request request = read_request(arguments, target, arguments.words, *input);
  ApplyRequest apply{.spec = std::move(request.spec),
                     .policy = policy_of(arguments.text("policy")),
                     .strict = arguments.has("strict"),
                     .drop = arguments.texts("drop"),
                     .all_types = arguments.has("all-types"),
                     .implied_network = request.from_file,
                     .arch = arguments.text("arch")};
  if ((apply.strict || apply.all_types) && apply.policy != Policy::replace)
    throw Error(Exit::usage, "--strict and --all-types go with --policy replace");
  require_isolating(apply.drop);
  if (!apply.drop.empty() && apply.policy != Policy::converge && apply.policy != Policy::replace)
    throw Error(Exit::usage, "--drop goes with --policy converge or replace");
  return run_edits(arguments, target, applying(std::move(apply)), arguments.words, input);
}

}  // namespace

const Command apply_command{
    "apply",
    "[FILE...]",
    "make sure that domains have the interfaces asked for",
    documents | libvirt,
    "  virsh dumpxml --inactive web1 | virt-iface apply -c template.conf\n"
    "  virt-iface apply -c template.conf --diff web1.xml\n"
    "  virt-iface apply --interface type=macvtap,name=eth0,mode=bridge --domain web1\n",
    run};

}  // namespace virt_iface
