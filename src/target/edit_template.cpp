// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/edit_template.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/replace.hpp"
#include "base/terminal.hpp"
#include "batch/destination.hpp"
#include "batch/diff.hpp"
#include "batch/line_diff.hpp"
#include "spec/check_version.hpp"
#include "target/check_host.hpp"
#include "target/request.hpp"
#include "target/template_target.hpp"

namespace virt_iface {
namespace {

/// The template after the change, to where the options say.
Exit deliver(const Arguments& arguments, const HeldTemplate& read, const TemplateChange& change) {
  const TemplateFile& from = read.from;
  bool const in_place = arguments.has("in-place");
  if (in_place && arguments.has("output"))
    throw Error(Exit::usage, "--in-place and -o exclude each other", "say where the result goes once");
  if (in_place && arguments.text("template") == "-")
    throw Error(Exit::usage, "--in-place needs a file", "stdin has no place; leave --in-place out");
  require_usable_suffix(batch_options(arguments));
  if (!arguments.has("quiet")) tell(change.notes, message_style(arguments.text("error-format")));
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
  std::vector<Interface> const had = interfaces_in(before);
  std::vector<Interface> out = interfaces_in(after);
  std::erase_if(out, [&](const Interface& one) {
    return std::ranges::any_of(had, [&](const Interface& other) { return same_settings(one, other); });
  });
  return out;
}

}  // namespace

Exit edit_template(const Arguments& arguments, const Edits& edits) {
  HeldTemplate const held = hold_template(arguments, arguments.has("in-place"));
  std::vector<std::size_t> positions;
  if (edits.selector) positions = select(candidates_in(held.from, arguments.text("arch")), *edits.selector);
  for (std::size_t& position : positions) --position;
  bool const none = edits.selector && positions.empty();
  TemplateChange const change =
      none ? TemplateChange{.text = held.from.text} : edits.in_template(held.from, positions);
  std::vector<Interface> const made = changed_by(held.from, {held.from.file, change.text});
  require_carried(made, libvirt_of(arguments));
  if (edits.asked.empty() && arguments.has("check-host")) check_host(arguments, made);
  if (edits.closing && !arguments.has("quiet"))
    tell(edits.closing(), message_style(arguments.text("error-format")));
  return deliver(arguments, held, change);
}

}  // namespace virt_iface
