// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/options.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace virt_iface {
namespace {

using Takes = Option::Takes;
using Texts = std::vector<std::string>;

constexpr std::string_view changing = "apply attach update detach retarget";
constexpr std::string_view listing = "list show";
constexpr std::string_view reading_many = "apply attach update detach retarget list show graph convert";
constexpr std::string_view writing = "apply attach update detach retarget convert";
constexpr std::string_view on_guests = "apply attach update detach retarget list show graph";
constexpr std::string_view on_guests_but_list = "apply attach update detach retarget show graph";
constexpr std::string_view isolating = "apply update retarget";

constexpr unsigned in_files = documents | one_template;
constexpr unsigned in_domains = documents | libvirt;

// clang-format off
constexpr auto table = std::to_array<Option>({
    {"conf,c", "apply attach", in_domains, Takes::text, "FILE", "a template.conf, or JSON; - is stdin"},
    {"conf,c", "convert", documents, Takes::text, "FILE", "a template.conf, or JSON; - is stdin"},
    {"conf,c", "retarget", in_domains, Takes::text, "FILE", "maps from the [retarget] section of a file"},
    {"interface", "apply attach convert", any_target, Takes::texts, "KEY=VALUE,...", "an interface, such as type=macvtap,name=eth0,mode=bridge; repeatable"},
    {"arch", "apply attach convert update retarget", any_target, Takes::text, "ARCH", "the architecture of documents that do not say it (default: the host's)"},
    {"libvirt", "apply attach update retarget", in_files, Takes::text, "VERSION", "the libvirt that is to carry the result, as 9.0 (default: any)"},
    {"libvirt", "convert", documents, Takes::text, "VERSION", "the libvirt that is to carry the result, as 9.0 (default: any)"},
    {"libvirt", "list show", one_template, Takes::text, "VERSION", "the libvirt that must be able to carry the template, as 9.0"},
    {"map", "retarget", in_domains, Takes::texts, "FROM=TO", "eth0=bond0, macvtap:eth0=ovs:vswitch0; repeatable"},
    {"drop", isolating, any_target, Takes::texts, "KEY", "what isolates the guest and may be lost, as vlan or filterref; repeatable"},
    {"where", "list show graph update detach", any_target, Takes::texts, "KEY=VALUE,...", "every interface that meets all of these, none included, in place of SEL; repeatable: any of them"},
    {"duplicates", "list", any_target, Takes::nothing, "", "only those that share a MAC, target or interfaceid with another"},
    {"policy", "apply", in_domains, Takes::text, "ensure|converge|append|replace", "what becomes of interfaces that are there (default: ensure)"},
    {"strict", "apply", in_domains, Takes::nothing, "", "with replace: drop also what was not stated of an interface that stays"},
    {"all-types", "apply", in_domains, Takes::nothing, "", "with replace: remove interfaces of the types that virt-iface does not make, too"},
    {"format", listing, any_target, Takes::text, "table|json|xml|tsv", "how the interfaces are written (default: table)"},
    {"columns", listing, any_target, Takes::text, "NAME,...", "which columns the table or TSV has: domain, position, file, uri, uuid, ips, or any key"},
    {"format", "graph", in_domains, Takes::text, "tree|dot|mermaid|json", "how the graph is written (default: tree)"},
    {"group-by", "graph", in_domains, Takes::text, "source|vlan", "put the interfaces together by what they hang on, or by their VLAN"},
    {"host", "graph", in_domains, Takes::optional_text, "DIR", "draw what lies beneath on this host; DIR: as that copy of its /sys says"},
    {"diff", changing, any_target, Takes::nothing, "", "show what would change; exit 1 if anything would"},
    {"check", changing, any_target, Takes::nothing, "", "write nothing; exit 1 if anything would change"},
    {"check-host", "apply attach update retarget", any_target, Takes::nothing, "", "each source must exist on this host and be of its kind"},
    {"check-host", "list", one_template, Takes::nothing, "", "each source must exist on this host and be of its kind"},
    {"arch", "list", one_template, Takes::text, "ARCH", "the architecture for which the template is read (default: the host's)"},
    {"validate", changing, in_domains, Takes::optional_text, "DIR", "check the result against libvirt's schema; write nothing that fails"},
    {"stylesheet", changing, documents, Takes::text, "FILE", "run an XSLT stylesheet over the result"},
    {"param", changing, documents, Takes::texts, "NAME=VALUE", "a parameter of the stylesheet; repeatable"},
    {"to", "convert", documents, Takes::text, "conf|json|xml|domain", "a template.conf, a template in JSON, <interface> elements, or a domain that has them (default: json, and conf out of JSON)"},
    {"proposal", "convert", documents, Takes::text, "1|2", "how a conf or JSON says its interfaces: 1, all in one list; 2, networks in a list of their own (default: as it was)"},
    {"dialect", "convert", documents, Takes::text, "proposal|mail1", "how a template is read: mail1 has the words of the first mail and its reply, {type, interface, mode}"},
    {"name", "convert", documents, Takes::text, "NAME", "the domain's name (default: the template's, else that of its file)"},

    {"in-place,i", writing, in_files, Takes::nothing, "", "replace the files"},
    {"backup", writing, in_files, Takes::text, "SUFFIX", "with --in-place: keep the old file under this suffix"},
    {"output,o", writing, in_files, Takes::text, "FILE", "write to a file instead of stdout"},
    {"output-dir", writing, documents, Takes::text, "DIR", "write each file's result below a directory, in the same directories as the input"},
    {"recursive,r", reading_many, documents, Takes::nothing, "", "read the files below directories, too: *.xml, or *.conf and *.json to convert"},
    {"files-from", reading_many, documents, Takes::text, "FILE", "take the files that FILE lists, one a line; - is stdin"},
    {"null,0", reading_many, documents, Takes::nothing, "", "documents on stdin and stdout, and names in --files-from, are separated by NUL"},
    {"jobs,j", reading_many, documents, Takes::text, "N", "work on N documents at once (default: 1); 0: as many as there are cores"},
    {"keep-going,k", reading_many, in_domains, Takes::nothing, "", "continue after a failed document (the default) or guest"},
    {"fail-fast", reading_many, documents, Takes::nothing, "", "stop at the first document that fails"},
    {"report", writing, in_domains, Takes::text, "FILE", "write a line of JSON for each document or guest: its changes, MACs added, error"},
    {"huge", reading_many, any_target, Takes::nothing, "", "lift the limits on a document's size, depth and entities"},

    {"template", "list show attach update detach", one_template, Takes::text, "FILE", "work on a template, conf or JSON, in place of documents; - is stdin"},

    {"connect", on_guests_but_list, libvirt, Takes::texts, "URI", "work on libvirt's guests, as qemu:///system has them; repeatable"},
    {"connect", "list", libvirt | one_template, Takes::texts, "URI", "libvirt's guests, as qemu:///system has them; repeatable; of a template: this libvirt must have its networks"},
    {"domain", on_guests, libvirt, Takes::texts, "NAME|UUID", "which guest, as web1 or 'web*'; repeatable; alone, of libvirt's default URI"},
    {"all", on_guests, libvirt, Takes::nothing, "", "all guests"},
    {"live", on_guests, libvirt, Takes::nothing, "", "the running guest"},
    {"config", on_guests, libvirt, Takes::nothing, "", "the persistent configuration"},
    {"current", on_guests, libvirt, Takes::nothing, "", "the running guest if it runs, else the persistent configuration"},
    {"replug", changing, libvirt, Takes::nothing, "", "where libvirt cannot change a running interface: detach it and attach it again"},
    {"yes", changing, libvirt, Takes::nothing, "", "with --all: yes, from all guests"},

    {"type", "sources", any_target, Takes::texts, "macvtap|ovs|bridge|hostdev|network", "what kind of source; repeatable (default: those of this host but hostdev, and with --connect the networks)"},
    {"format", "sources", any_target, Takes::text, "table|json", "how they are written (default: table)"},
    {"connect", "sources", any_target, Takes::text, "URI", "libvirt, for the networks and for the guests that use a source"},

    {"config,c", "hook", any_target, Takes::text, "FILE", "the configuration (default: /etc/virt-iface/hook.conf)"},
    {"test", "hook", any_target, Takes::nothing, "", "OPERATION GUEST: print what would be done with the document on stdin, and do nothing; alone: say whether the configuration is valid"},
    {"status", "hook", any_target, Takes::nothing, "", "[GUEST]: show how the hook stands and what it did"},
    {"format", "hook", any_target, Takes::text, "text|json", "of --status (default: text)"},
    {"apply", "hook", any_target, Takes::nothing, "", "[GUEST]: give the guests that run already what hook.conf injects"},
    {"install", "hook", any_target, Takes::nothing, "", "put the hook into libvirt's directory of hooks"},
    {"uninstall", "hook", any_target, Takes::nothing, "", "remove it again"},
    {"job", "hook", any_target, Takes::nothing, "", "JSON: an injection, as the hook starts it"},

    {"quiet,q", "*", any_target, Takes::nothing, "", "no summary and no warnings"},
    {"error-format", "*", any_target, Takes::text, "text|json|github", "how messages are written"},
    {"help,h", "*", any_target, Takes::nothing, "", "show this help"},
    {"help-keys", "apply attach update convert list show graph detach", any_target, Takes::nothing, "", "show the keys of an interface"},
});
// clang-format on

/// The groups of --help by what they serve, in their order.
constexpr std::array<std::pair<unsigned, const char*>, 7> groups{
    {{any_target, "Options"},
     {in_domains, "Documents and guests"},
     {documents, "Documents"},
     {in_files, "Documents and templates"},
     {one_template, "A template in place of documents"},
     {one_template | libvirt, "Templates and guests"},
     {libvirt, "Guests on libvirt (--connect, --domain or --all)"}}};

const options::value_semantic* semantic_of(const Option& option) {
  const std::string value(option.value);
  if (option.takes == Takes::texts) return options::value<Texts>()->composing()->value_name(value);
  auto* const text = options::value<std::string>()->value_name(value);
  return option.takes == Takes::optional_text ? text->implicit_value("", "the usual") : text;
}

void add(const Option& option, options::options_description& group) {
  const std::string names(option.names);
  const std::string help(option.help);
  if (option.takes == Takes::nothing)
    group.add_options()(names.c_str(), help.c_str());
  else
    group.add_options()(names.c_str(), semantic_of(option), help.c_str());
}

/// Whether one of the words looks like the option: `--conf=FILE`, `-qc`.
bool is_in(const Option& option, const std::vector<std::string>& words) {
  const std::size_t comma = option.names.find(',');
  return std::ranges::any_of(words, [&](std::string_view word) {
    if (word.starts_with("--")) return word.substr(2).starts_with(option.name());
    return word.starts_with('-') && comma != option.names.npos &&
           word.find(option.names[comma + 1], 1) != word.npos;
  });
}

/// What an option of another target's wants.
std::string hint_for(const Option& option, Target target) {
  if (target != documents || option.targets != libvirt) return "leave it out";
  return option.name() == "config" ? "-c FILE names a configuration file"
                                   : "guests are named by --domain or --all";
}

}  // namespace

bool Option::is_of(std::string_view command) const {
  if (commands == "*") return true;
  for (std::string_view rest = commands; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    if (rest.substr(0, end) == command) return true;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return false;
}

std::span<const Option> options_table() {
  return table;
}

options::options_description options_of(std::string_view command, unsigned targets,
                                        const std::vector<std::string>* words) {
  options::options_description all;
  for (const auto& [served, title] : groups) {
    options::options_description group(title);
    for (const Option& option : table) {
      const unsigned of_command =
          (option.targets & targets) == targets ? any_target : option.targets & targets;
      if (of_command != served || !option.is_of(command)) continue;
      if (words == nullptr || is_in(option, *words)) add(option, group);
    }
    if (!group.options().empty()) all.add(group);
  }
  return all;
}

void require_served(const Arguments& arguments, Target target) {
  constexpr auto name_of = [](Target one) {
    return one == documents ? "documents" : one == one_template ? "a template" : "guests on libvirt";
  };
  for (const Option& option : table)
    if (option.is_of(arguments.command) && (option.targets & target) == 0 &&
        arguments.has(std::string(option.name()).c_str()))
      throw Error(Exit::usage, "--" + std::string(option.name()) + " is not for " + name_of(target),
                  hint_for(option, target));
}

}  // namespace virt_iface
