// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/file.hpp"
#include "base/replace.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/terminal.hpp"
#include "edit/convert.hpp"
#include "spec/template_conf.hpp"
#include "spec/template_file.hpp"
#include "spec/template_json.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Convert");
  group.add_options()("to", options::value<std::string>()->value_name("conf|json|xml|domain"),
                      "a template.conf, a template in JSON, <interface> elements, or a domain that has them "
                      "(default: json, and conf out of JSON)")(
      "proposal", options::value<std::string>()->value_name("1|2"),
      "how a conf or JSON says its interfaces: 1, all in one list; 2, networks in a list of their own "
      "(default: as it was)")("dialect", options::value<std::string>()->value_name("proposal|mail1"),
                              "how a conf is read: mail1 is {type: direct|bridge|network, interface, mode}")(
      "output,o", options::value<std::string>()->value_name("FILE"), "write to a file instead of stdout");
  return request_options().add(group);
}

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
  std::vector<Interface> added{};  ///< of --interface
};

Conversion conversion_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> formats{"conf", "json", "xml", "domain"};
  constexpr std::array<std::string_view, 2> proposals{"1", "2"};
  constexpr std::array<std::string_view, 2> dialects{"proposal", "mail1"};
  Conversion out{.to = word_of(arguments, "to", formats),
                 .proposal = word_of(arguments, "proposal", proposals),
                 .arch = arguments.text("arch")};
  if (word_of(arguments, "dialect", dialects) == "mail1") out.dialect = Dialect::mail1;
  for (const std::string& text : arguments.texts("interface"))
    std::ranges::move(parse_interface(text, "--interface"), std::back_inserter(out.added));
  return out;
}

std::vector<TemplateFile> inputs_of(const Arguments& arguments) {
  std::vector<std::string> files = arguments.words;
  if (arguments.has("conf")) files.insert(files.begin(), arguments.text("conf"));
  if (files.empty() && !arguments.has("interface")) files.emplace_back("-");
  std::vector<TemplateFile> out;
  for (const std::string& file : files) {
    if (file == "-" && ::isatty(STDIN_FILENO) == 1)
      throw Error(Exit::usage, "a template is expected on stdin, which is a terminal",
                  "name a file: virt-iface convert template.conf");
    out.push_back(file == "-" ? TemplateFile{"<stdin>", read_all(STDIN_FILENO, "<stdin>")}
                              : TemplateFile{file, read_file(file)});
    if (trim(out.back().text).starts_with('<'))
      throw Error(Exit::invalid, Place{.file = out.back().file, .line = 1}, "this is XML, not a template",
                  "list --format json shows the interfaces of a domain");
  }
  return out;
}

/// With no file, --interface alone is converted.
std::string convert(const TemplateFile* from, const Conversion& how, std::vector<Message>& notes) {
  TemplateFile const file = from ? *from : TemplateFile{};
  Spec spec = from ? read_template(file, how.dialect) : Spec{};
  bool const json = from && file.is_json();
  Form const had = from && how.dialect == Dialect::proposal ? form_of(file) : Form::proposal2;
  Form const form = how.proposal.empty() ? had : how.proposal == "1" ? Form::proposal1 : Form::proposal2;
  std::string const to = !how.to.empty() ? how.to : json ? "conf" : "json";
  bool const same_words = from && form == had && how.dialect == Dialect::proposal;
  if (same_words && to == (json ? "json" : "conf")) {
    TemplateChange change = attach_to(file, how.added, how.arch);
    std::ranges::move(change.notes, std::back_inserter(notes));
    return std::move(change.text);
  }
  std::ranges::copy(how.added, std::back_inserter(spec.interfaces));
  if (std::vector<Message> faults = check_distinct(spec.interfaces); !faults.empty())
    throw Error(Exit::invalid, std::move(faults));
  for (const Interface& interface : spec.interfaces)
    std::ranges::move(check(interface, nullptr), std::back_inserter(notes));
  if (to == "conf") return write_conf(spec, form);
  if (to == "json") return write_template_json(spec, form);
  return to == "xml" ? interface_elements(spec, how.arch) : domain_with(spec, how.arch);
}

Exit run(const Arguments& arguments) {
  Conversion const how = conversion_of(arguments);
  std::vector<TemplateFile> const inputs = inputs_of(arguments);
  std::string const output = arguments.text("output");
  if (inputs.size() > 1 && (how.to == "conf" || !output.empty()))
    throw Error(Exit::usage, "several templates cannot become one file", "convert one a call");
  std::vector<Message> notes;
  std::string out;
  for (const TemplateFile& input : inputs) out += convert(&input, how, notes);
  if (inputs.empty()) out = convert(nullptr, how, notes);
  if (!arguments.has("quiet")) tell(notes, arguments.text("error-format") == "json");
  if (output.empty() || output == "-") {
    write_all(STDOUT_FILENO, out, "stdout");
  } else {
    replace_file(output, out);
  }
  return Exit::ok;
}

}  // namespace

const Command convert_command{"convert", "[FILE...]",
                              "turn a template.conf, a template in JSON or --interface into each other, into "
                              "<interface> elements or a domain",
                              known, run};

}  // namespace virt_iface
