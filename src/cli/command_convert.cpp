// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>

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
      "output,o", options::value<std::string>()->value_name("FILE"), "write to a file instead of stdout")(
      "output-dir", options::value<std::string>()->value_name("DIR"),
      "write each template's result into a folder, as NAME.conf, NAME.json or NAME.xml");
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

std::vector<std::string> files_of(const Arguments& arguments) {
  std::vector<std::string> files = arguments.words;
  if (arguments.has("config")) files.insert(files.begin(), arguments.text("config"));
  if (files.empty() && !arguments.has("interface")) files.emplace_back("-");
  return files;
}

TemplateFile read_one(const std::string& file) {
  if (file == "-" && ::isatty(STDIN_FILENO) == 1)
    throw Error(Exit::usage, "a template is expected on stdin, which is a terminal",
                "name a file: virt-iface convert template.conf");
  TemplateFile const out = file == "-" ? TemplateFile{"<stdin>", read_all(STDIN_FILENO, "<stdin>")}
                                       : TemplateFile{file, read_file(file)};
  if (trim(out.text).starts_with('<'))
    throw Error(Exit::invalid, Place{.file = out.file, .line = 1}, "this is XML, not a template",
                "list --format json shows the interfaces of a domain");
  return out;
}

std::string format_of(const TemplateFile* from, const Conversion& how) {
  if (!how.to.empty()) return how.to;
  return from && from->is_json() ? "conf" : "json";
}

/// With no file, --interface alone is converted.
std::string convert(const TemplateFile* from, const Conversion& how, std::vector<Message>& notes) {
  Spec spec = from ? read_template(*from, how.dialect) : Spec{};
  bool const proposal = from && how.dialect == Dialect::proposal;
  Form const had = proposal ? form_of(*from) : Form::proposal2;
  Form const form = how.proposal.empty() ? had : how.proposal == "1" ? Form::proposal1 : Form::proposal2;
  std::string const to = format_of(from, how);
  if (proposal && form == had && to == (from->is_json() ? "json" : "conf")) {
    TemplateChange change = attach_to(*from, how.added, how.arch);
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

/// The name of a template's result in --output-dir.
std::string name_in(const std::string& folder, const TemplateFile& from, const Conversion& how) {
  std::string const to = format_of(&from, how);
  std::filesystem::path const name = std::filesystem::path(from.file).filename();
  return (folder / std::filesystem::path(name).replace_extension(to == "domain" ? "xml" : to)).string();
}

/// Where results go, one after the other.
class Output {
 public:
  explicit Output(const Arguments& arguments)
      : file_(arguments.text("output")), folder_(arguments.text("output-dir")) {
    if (!file_.empty() && !folder_.empty())
      throw Error(Exit::usage, "-o and --output-dir exclude each other", "say where the results go once");
    if (!folder_.empty()) std::filesystem::create_directories(folder_);
  }

  void put(const TemplateFile* from, const Conversion& how, const std::string& text) {
    if (from && !folder_.empty()) {
      std::string const name = name_in(folder_, *from, how);
      if (!written_.insert(name).second)
        throw Error(Exit::invalid, Place{.file = from->file}, "its result would be " + name + " again",
                    "convert it into another folder");
      replace_file(name, text);
    } else if (file_.empty() || file_ == "-") {
      write_all(STDOUT_FILENO, text, "stdout");
    } else {
      write_output(file_, text);
    }
  }

  bool is_one_file() const { return folder_.empty() && !file_.empty(); }
  bool is_folder() const { return !folder_.empty(); }

 private:
  std::string file_;
  std::string folder_;
  std::set<std::string> written_{};
};

Exit run(const Arguments& arguments) {
  Conversion const how = conversion_of(arguments);
  std::vector<std::string> const files = files_of(arguments);
  Output output(arguments);
  if (files.size() > 1 && (output.is_one_file() || (how.to == "conf" && !output.is_folder())))
    throw Error(Exit::usage, "several templates cannot become one file", "use --output-dir, or one a call");
  bool const json = arguments.text("error-format") == "json";
  auto const finish = [&](const TemplateFile* from) {
    std::vector<Message> notes;
    std::string const text = convert(from, how, notes);
    if (!arguments.has("quiet")) tell(notes, json);
    output.put(from, how, text);
  };
  if (files.empty()) finish(nullptr);
  Exit status = Exit::ok;
  for (const std::string& file : files) {
    try {
      TemplateFile const from = read_one(file);
      finish(&from);
    } catch (const Error& error) {
      if (error.status() == Exit::usage) throw;
      tell(error.messages(), json);
      status = worse(status, error.status());
    }
  }
  return status;
}

}  // namespace

const Command convert_command{"convert", "[FILE...]",
                              "turn a template.conf, a template in JSON or --interface into each other, into "
                              "<interface> elements or a domain",
                              known, run};

}  // namespace virt_iface
