// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/on_template.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/replace.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/destination.hpp"
#include "batch/diff.hpp"
#include "batch/line_diff.hpp"
#include "cli/check_host.hpp"
#include "cli/common.hpp"
#include "edit/render.hpp"
#include "edit/select.hpp"
#include "edit/types.hpp"
#include "spec/template_file.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

/// A template, and the hold on its file where that is to be replaced.
struct ReadTemplate {
  TemplateFile from{};
  HeldFile held{};
};

ReadTemplate read_file_of(const Arguments& arguments) {
  std::string const path = arguments.text("template");
  if (path == "-") return {.from = {"<stdin>", read_all(STDIN_FILENO, "<stdin>")}};
  if (!arguments.has("in-place")) return {.from = {path, read_file(path)}};
  ReadTemplate read{.from = {path, {}}, .held = hold_file(path)};
  read.from.text = std::move(read.held.data);
  return read;
}

std::vector<Interface> interfaces_of(const TemplateFile& from) {
  return wanted(read_template(from), "", false);
}

bool matches(const Interface& interface, const Selector& selector) {
  switch (selector.by) {
    case Selector::By::mac:
      return interface.get("mac") == selector.value;
    case Selector::By::alias:
      return interface.get("alias.name") == selector.value;
    case Selector::By::target:
      return interface.get("target.dev") == selector.value;
    case Selector::By::source:
      return interface.get("source") == selector.value;
    case Selector::By::type:
      return interface.get("type") == selector.value;
    case Selector::By::all:
      return true;
    case Selector::By::position:
      break;
  }
  return false;
}

std::string candidates(const std::vector<Interface>& all, const std::vector<std::size_t>& positions) {
  std::string text;
  for (std::size_t const at : positions) {
    text += text.empty() ? "there is interface " : "; interface ";
    text += std::to_string(at + 1) + " (";
    text.append(all[at].get("type")).append(" on ").append(all[at].get("source")).append(")");
  }
  return text.empty() ? "the template has no interface" : text;
}

/// The positions, from 0, that a selector means: one, or all of them for `all`.
std::vector<std::size_t> select(const TemplateFile& from, const Selector& selector) {
  std::vector<Interface> const all = interfaces_of(from);
  auto const count = static_cast<long>(all.size());
  long const position = selector.position > 0 ? selector.position - 1 : count + selector.position;
  std::vector<std::size_t> every;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    every.push_back(i);
    bool const by_position = selector.by == Selector::By::position && static_cast<long>(i) == position;
    if (by_position || matches(all[i], selector)) found.push_back(i);
  }
  Place const place{.file = from.file};
  if (selector.by == Selector::By::all) return found;
  if (found.empty())
    throw Error(Exit::invalid, place, "no interface is '" + selector.word + "'", candidates(all, every));
  if (found.size() > 1)
    throw Error(Exit::invalid, place,
                "'" + selector.word + "' is " + std::to_string(found.size()) + " interfaces, one is meant",
                candidates(all, found));
  return found;
}

/// The template after the change, to where the options say.
Exit deliver(const Arguments& arguments, const ReadTemplate& read, const TemplateChange& change) {
  const TemplateFile& from = read.from;
  bool const in_place = arguments.has("in-place");
  if (in_place && arguments.has("output"))
    throw Error(Exit::usage, "--in-place and -o exclude each other", "say where the result goes once");
  if (in_place && arguments.text("template") == "-")
    throw Error(Exit::usage, "--in-place needs a file", "stdin has no place; leave --in-place out");
  require_usable_suffix(batch_options(arguments));
  if (!arguments.has("quiet")) tell(change.notes, arguments.text("error-format") == "json");
  bool const changed = change.text != from.text;
  Exit const found = changed ? Exit::changed : Exit::ok;
  if (arguments.has("check")) return found;
  if (arguments.has("diff")) {
    std::string const diff =
        unified_diff(from.file, from.text, change.text, differing_lines(from.text, change.text),
                     wants_colour(STDOUT_FILENO));
    write_all(STDOUT_FILENO, diff, "stdout");
    return found;
  }
  std::string const output = arguments.text("output");
  if (in_place) {
    if (changed)
      replace_file(from.file, change.text,
                   {.backup_suffix = arguments.text("backup"), .expected = &read.held.version});
  } else if (!output.empty() && output != "-") {
    write_output(output, change.text, from.file);
  } else {
    write_all(STDOUT_FILENO, change.text, "stdout");
  }
  return Exit::ok;
}

/// The interfaces of a template that it had not before.
std::vector<Interface> changed_by(const TemplateFile& before, const TemplateFile& after) {
  std::vector<Interface> const had = interfaces_of(before);
  std::vector<Interface> out = interfaces_of(after);
  std::erase_if(out, [&](const Interface& one) {
    return std::ranges::any_of(had, [&](const Interface& other) { return same_settings(one, other); });
  });
  return out;
}

/// What is for documents or for libvirt cannot stand beside --template.
void refuse_others(const Arguments& arguments, const std::vector<std::string>& files) {
  for (const char* option : {"validate", "stylesheet", "param", "output-dir", "recursive", "files-from",
                             "jobs", "report", "fail-fast", "keep-going", "null", "connect", "domain", "all",
                             "live", "config", "current", "replug", "yes"})
    if (arguments.has(option))
      throw Error(Exit::usage, "--" + std::string(option) + " is not for a template", "leave it out");
  if (arguments.has("backup") && !arguments.has("in-place"))
    throw Error(Exit::usage, "--backup goes with --in-place");
  if (files.empty()) return;
  throw Error(Exit::usage, "'" + files.front() + "' and --template exclude each other",
              "--template stands in place of the documents");
}

Record record_of(const Interface& interface, const std::string& file, std::size_t position) {
  const Type* const row = find_type(interface.get("type"));
  auto const get = [&](std::string_view key) { return std::string(interface.get(key)); };
  std::string const link = get("link.state");
  Interface made = interface;
  if (made.get("mac") == "stable") made.erase("mac");  // which one depends on the domain
  if (made.get("model") == "libvirt") made.erase("model");
  for (const char* key : {"mac.seed", "mac.prefix"}) made.erase(key);
  Style const style{.eol = "\n", .step = "  "};
  return {.domain = file,
          .position = position,
          .type = get("type"),
          .libvirt_type = std::string(row == nullptr ? "" : row->libvirt),
          .source = get("source"),
          .mode = get("mode"),
          .vlan = get("vlan.tag"),
          .model = get("model"),
          .mac = get("mac"),
          .target = get("target.dev"),
          .link = link.empty() ? "up" : link,
          .xml = serialise(Renderer().render(made), style)};
}

Exit print(const TemplateFile& from, const Selector& selector, const RecordFormat& how) {
  std::vector<Interface> const all = interfaces_of(from);
  std::vector<Record> records;
  for (std::size_t const position : select(from, selector))
    records.push_back(record_of(all.at(position), from.file, position + 1));
  write_all(STDOUT_FILENO, format_records(records, how), "stdout");
  return Exit::ok;
}

}  // namespace

options::options_description template_options() {
  options::options_description group("Template");
  group.add_options()("template", options::value<std::string>()->value_name("FILE"),
                      "work on a template, conf or JSON, in place of documents; - is stdin");
  return group;
}

Exit list_template(const Arguments& arguments, const RecordFormat& how) {
  refuse_others(arguments, arguments.words);
  return print(read_file_of(arguments).from, parse_selector("all"), how);
}

Exit show_template(const Arguments& arguments, const RecordFormat& how) {
  const auto& words = arguments.words;
  if (words.empty()) throw Error(Exit::usage, "which interface?", "virt-iface show SEL --template FILE");
  refuse_others(arguments, {words.begin() + 1, words.end()});
  Selector const selector = parse_selector(words.front());
  return print(read_file_of(arguments).from, selector, how);
}

Exit attach_to_template(const Arguments& arguments) {
  refuse_others(arguments, arguments.words);
  if (!arguments.has("interface") || arguments.has("conf"))
    throw Error(Exit::usage, "--template takes what to attach from --interface",
                "use --interface type=...,name=...");
  std::vector<Interface> added;
  for (const std::string& text : arguments.texts("interface"))
    std::ranges::move(parse_interface(text, "--interface"), std::back_inserter(added));
  check_host(arguments, added);
  ReadTemplate const read = read_file_of(arguments);
  const TemplateFile& from = read.from;
  return deliver(arguments, read, attach_to(from, added, arguments.text("arch")));
}

Exit update_template(const Arguments& arguments) {
  const auto& words = arguments.words;
  if (words.size() < 2)
    throw Error(Exit::usage, "which interface, and what shall change?",
                "virt-iface update SEL KEY=VALUE... --template FILE");
  refuse_others(arguments, {});
  Selector const selector = parse_selector(words.front());
  std::vector<Setting> const settings = parse_settings({words.begin() + 1, words.end()});
  ReadTemplate const read = read_file_of(arguments);
  const TemplateFile& from = read.from;
  TemplateChange const result = update_in(from, select(from, selector), settings, arguments.texts("drop"));
  if (arguments.has("check-host")) check_host(arguments, changed_by(from, {from.file, result.text}));
  return deliver(arguments, read, result);
}

Exit detach_from_template(const Arguments& arguments) {
  const auto& words = arguments.words;
  if (words.empty()) throw Error(Exit::usage, "which interface?", "virt-iface detach SEL --template FILE");
  refuse_others(arguments, {words.begin() + 1, words.end()});
  Selector const selector = parse_selector(words.front());
  ReadTemplate const read = read_file_of(arguments);
  const TemplateFile& from = read.from;
  return deliver(arguments, read, detach_from(from, select(from, selector)));
}

}  // namespace virt_iface
