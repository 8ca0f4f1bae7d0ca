// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/file.hpp"
#include "base/replace.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/document_files.hpp"
#include "batch/mac_register.hpp"
#include "batch/run_batch.hpp"
#include "cli/command.hpp"
#include "edit/apply.hpp"
#include "spec/check_version.hpp"
#include "target/convert.hpp"
#include "target/request.hpp"
#include "template/template_conf.hpp"
#include "template/template_file.hpp"
#include "template/template_json.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"

namespace virt_iface {
namespace {

/// The option's value if it is one of `allowed`; empty when not given.
std::string word_of(const Arguments& arguments, const char* option,
                    std::span<const std::string_view> allowed) {
  std::string const word = arguments.text(option);
  if (word.empty() || std::ranges::find(allowed, word) != allowed.end()) return word;
  std::vector<std::string> const list(allowed.begin(), allowed.end());
  throw Error(Exit::usage, "--" + std::string(option) + " '" + word + "' is not one of " + join(list, ", "),
              did_you_mean(word, allowed));
}

/// What the options ask for.
struct Conversion {
  std::string to{};
  std::string proposal{};
  Dialect dialect = Dialect::proposal;
  std::string arch{};
  Libvirt libvirt = 0;             ///< which is to carry the result
  std::vector<Interface> added{};  ///< of --interface
  bool in_place = false;
  std::string name{};  ///< of the domain
};

Conversion conversion_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> formats{"conf", "json", "xml", "domain"};
  constexpr std::array<std::string_view, 2> proposals{"1", "2"};
  constexpr std::array<std::string_view, 2> dialects{"proposal", "mail1"};
  Conversion out{.to = word_of(arguments, "to", formats),
                 .proposal = word_of(arguments, "proposal", proposals),
                 .arch = arguments.text("arch"),
                 .libvirt = libvirt_of(arguments),
                 .in_place = arguments.has("in-place"),
                 .name = arguments.text("name")};
  if (arguments.has("name") && out.to != "domain")
    throw Error(Exit::usage, "--name goes with --to domain", "a template has its name under [main]");
  if (word_of(arguments, "dialect", dialects) == "mail1") out.dialect = Dialect::mail1;
  for (const std::string& text : arguments.texts("interface"))
    std::ranges::move(parse_interface(text, "--interface"), std::back_inserter(out.added));
  return out;
}

/// -c names a template like a word does.
std::vector<std::string> words_of(const Arguments& arguments) {
  std::vector<std::string> words = arguments.words;
  if (arguments.has("conf")) words.insert(words.begin(), arguments.text("conf"));
  return words;
}

void require_template(const TemplateFile& from) {
  if (trim(from.text).starts_with('<'))
    throw Error(Exit::invalid, Place{.file = from.file, .line = 1}, "this is XML, not a template",
                "list --format json shows the interfaces of a domain");
}

std::string format_of(const TemplateFile* from, const Conversion& how) {
  if (!how.to.empty()) return how.to;
  return from && from->is_json() ? "conf" : "json";
}

/// What is no interface does not come along: a file is not replaced then, and elsewhere it is reported.
void tell_left_out(const TemplateFile& from, bool in_place, std::vector<Message>& notes) {
  std::vector<OtherPart> const others = other_parts(from);
  if (others.empty()) return;
  std::vector<std::string> names;
  names.reserve(others.size());
  for (const OtherPart& other : others) names.push_back(other.name);
  if (in_place)
    throw Error(Exit::invalid, others.front().place,
                "--in-place would lose what is no interface: " + join(names, ", "),
                "write the result elsewhere with -o or --output-dir");
  notes.push_back(
      {Severity::warning, others.front().place, "what is no interface is left out: " + join(names, ", ")});
}

/// The template's own, else that of its file.
std::string domain_name(const TemplateFile* from, const Spec& spec, const Conversion& how) {
  if (!how.name.empty()) return how.name;
  bool const by_file = spec.name.empty() && from != nullptr && !from->file.starts_with('<');
  return by_file ? std::filesystem::path(from->file).stem().string() : spec.name;
}

/// Proposal 2 has networks in a list of names, and others in interfaces.
Spec with_proposal2(Spec spec, std::vector<Message>& notes) {
  Spec out = with_listed_networks(std::move(spec));
  for (const Interface& interface : out.interfaces)
    if (interface.get("type") == "network")
      notes.push_back({Severity::warning,
                       interface.place,
                       "network " + std::string(interface.get("source")) +
                           " stays among the interfaces: the list networks has names alone",
                       {}});
  return out;
}

/// With no file, --interface alone is converted.
std::string convert(const TemplateFile* from, const Conversion& how, std::vector<Message>& notes) {
  Spec spec = from ? read_configuration(*from, {.dialect = how.dialect}) : Spec{};
  bool const is_whole = from && is_template(*from);
  bool const proposal = is_whole && how.dialect == Dialect::proposal;
  Form const had = proposal ? form_of(*from) : Form::proposal2;
  Form const form = how.proposal.empty() ? had : how.proposal == "1" ? Form::proposal1 : Form::proposal2;
  std::string const to = format_of(from, how);
  std::vector<Interface> all = wanted(spec, how.arch, false);
  std::ranges::copy(how.added, std::back_inserter(all));
  require_carried(all, how.libvirt);
  if (proposal && form == had && to == (from->is_json() ? "json" : "conf")) {
    TemplateChange change = attach_to(*from, how.added, how.arch);
    std::ranges::move(change.notes, std::back_inserter(notes));
    return std::move(change.text);
  }
  if (is_whole && to != "xml") tell_left_out(*from, how.in_place, notes);
  std::ranges::copy(how.added, std::back_inserter(spec.interfaces));
  std::vector<Message> faults = check_distinct(spec.interfaces);
  for (const Interface& interface : spec.interfaces)
    for (Message& message : check(interface, nullptr))
      (message.severity == Severity::error ? faults : notes).push_back(std::move(message));
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
  if (how.proposal == "2") spec = with_proposal2(std::move(spec), notes);
  if (to == "conf") return write_conf(spec, form);
  if (to == "json") return write_template_json(spec, form);
  std::ranges::move(implied_network(spec, traits_of(Domain{.type = "kvm"}, how.arch).arch),
                    std::back_inserter(notes));
  Converted made = to == "xml" ? interface_elements(spec, how.arch, how.libvirt)
                               : domain_with(spec, how.arch, domain_name(from, spec, how), how.libvirt);
  std::ranges::move(made.notes, std::back_inserter(notes));
  return std::move(made.text);
}

/// Where a template's result lands in --output-dir. What it becomes has to be known before it is read: its
/// name says what it is, where --to does not say what it becomes.
std::string result_name(const std::string& below, const std::string& to) {
  std::filesystem::path const path(below);
  std::string const format = !to.empty() ? to : path.extension() == ".json" ? "conf" : "json";
  return std::filesystem::path(path).replace_extension(format == "domain" ? "xml" : format).string();
}

/// Those of the domain that it has become; else the fixed ones, which go into every domain that is made of
/// it.
std::vector<HeldMac> macs_of_result(const Spec& spec, const std::string& text, const Conversion& how) {
  std::vector<HeldMac> macs;
  std::uint32_t position = 0;
  auto const add = [&](std::string_view mac) {
    ++position;
    if (mac_number(mac) != 0) macs.push_back({.mac = mac_number(mac), .position = position, .made = true});
  };
  if (how.to == "domain")
    for (const Element& interface : Scanner().scan(text, {}).domain.interfaces) add(mac_of(interface));
  else
    for (const Interface& interface : wanted(spec, how.arch, true)) add(interface.get("mac"));
  return macs;
}

/// A file keeps its name, so it has to stay of its kind.
void require_same_format(const TemplateFile& from, const Conversion& how) {
  std::string const own = from.is_json() ? "json" : "conf";
  std::string const to = format_of(&from, how);
  if (to != own)
    throw Error(Exit::invalid, Place{.file = from.file}, "--in-place would put " + to + " into this " + own,
                "say --to " + own + ", or write elsewhere with -o or --output-dir");
}

/// `by_name`: its name says what it becomes.
EditedDocument process(Input input, const Conversion& how, bool by_name) {
  TemplateFile const from{input.label, std::get<std::string>(std::move(input.content))};
  require_template(from);
  if (how.in_place) require_same_format(from, how);
  if (by_name && how.to.empty() && from.is_json() != from.file.ends_with(".json"))
    throw Error(
        Exit::invalid, Place{.file = from.file},
        std::string("this ") + (from.is_json() ? "is JSON" : "is no JSON") + ", which its name does not say",
        "say what to make of it: --to conf, json, xml or domain");
  EditedDocument result{.identity = from.file};
  result.output = convert(&from, how, result.plan.warnings);
  result.changed = result.output != from.text;
  Spec const spec = read_configuration(from, {.dialect = how.dialect});
  result.macs = macs_of_result(spec, result.output, how);
  if (how.to == "domain")
    result.names = {{.of = HeldName::Of::domain, .name = domain_name(&from, spec, how), .made = true}};
  return result;
}

Exit convert_options(const Arguments& arguments, const Conversion& how) {
  for (const char* option : {"output-dir", "in-place", "backup"})
    if (arguments.has(option))
      throw Error(Exit::usage, "--" + std::string(option) + " needs files",
                  "--interface has no name; use -o FILE");
  std::vector<Message> notes;
  std::string const text = convert(nullptr, how, notes);
  if (!arguments.has("quiet")) tell(notes, message_style(arguments.text("error-format")));
  std::string const output = arguments.text("output");
  if (output.empty() || output == "-")
    write_all(STDOUT_FILENO, text, "stdout");
  else
    write_output(output, text);
  return Exit::ok;
}

Exit run(const Arguments& arguments) {
  require_consistent(arguments);
  Conversion const how = conversion_of(arguments);
  std::vector<std::string> const words = words_of(arguments);
  bool const nothing_named = words.empty() && !arguments.has("files-from");
  if (nothing_named && arguments.has("interface")) return convert_options(arguments, how);
  bool const from_stdin = nothing_named || std::ranges::find(words, "-") != words.end();
  if (from_stdin && ::isatty(STDIN_FILENO) == 1)
    throw Error(Exit::usage, "a template is expected on stdin, which is a terminal",
                "name a file: virt-iface convert template.conf");
  auto const input = standard_input(arguments, Split::none);
  std::vector<FileName> files = document_files(batch_options(arguments), words, *input, template_endings);
  bool const to_directory = arguments.has("output-dir");
  if (to_directory)
    for (FileName& file : files) file.below = result_name(file.below, how.to);
  bool const in_a_row = files.size() > 1 && !to_directory && !how.in_place;
  auto const becomes_conf = [&](const FileName& file) {
    return result_name(file.path, how.to).ends_with(".conf");
  };
  if (arguments.has("name") && files.size() > 1)
    throw Error(Exit::usage, "--name names one domain, and there are several templates",
                "leave it out: each domain has its template's name");
  if (in_a_row && std::ranges::any_of(files, becomes_conf))
    throw Error(Exit::usage, "several templates cannot become one file",
                "use --output-dir, --in-place, or one a call");
  auto const make_process = [&] {
    return [&](Input document) { return process(std::move(document), how, to_directory || in_a_row); };
  };
  return run_batch(batch_options(arguments), {std::move(files), input, make_process});
}

}  // namespace

const Command convert_command{
    "convert",
    "[FILE...]",
    "turn a template.conf, a template in JSON or --interface into each other, into "
    "<interface> elements or a domain",
    documents,
    "  virt-iface convert template.conf\n  virt-iface convert --to xml template.json\n  virt-iface convert "
    "--to domain --interface type=ovs,name=ovs0\n",
    run};

}  // namespace virt_iface
