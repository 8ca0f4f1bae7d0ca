// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>

#include "base/file.hpp"
#include "cli/common.hpp"
#include "cli/terminal.hpp"

namespace virt_iface {
namespace {

/// Where results go.
struct Destination {
  bool check = false;
  bool diff = false;
  bool in_place = false;
  std::string backup{};
  std::string file{};  ///< of -o; empty: stdout
};

Destination destination_of(const Arguments& arguments, const std::vector<std::string>& files) {
  Destination to{.check = arguments.has("check"),
                 .diff = arguments.has("diff"),
                 .in_place = arguments.has("in-place"),
                 .backup = arguments.text("backup"),
                 .file = arguments.text("output")};
  if (to.file == "-") to.file.clear();
  if (to.in_place && !to.file.empty())
    throw Error(Exit::usage, "--in-place and -o exclude each other", "say where the result goes once");
  if (!to.backup.empty() && !to.in_place) throw Error(Exit::usage, "--backup goes with --in-place");
  if (to.backup.find('/') != to.backup.npos)
    throw Error(Exit::usage, "a --backup suffix cannot hold '/'", "use something like .orig");
  if (!to.file.empty() && files.size() > 1)
    throw Error(Exit::usage, "-o takes one document", "use --in-place, or one call a document");
  if (to.in_place && (files.empty() || std::find(files.begin(), files.end(), "-") != files.end()))
    throw Error(Exit::usage, "--in-place needs files", "stdin has no place; leave --in-place out");
  return to;
}

Processing processing_of(const Arguments& arguments) {
  Processing how{.limits = {.huge = arguments.has("huge")},
                 .diff = arguments.has("diff") && !arguments.has("check"),
                 .colour = wants_colour(STDOUT_FILENO)};
  if (arguments.has("validate")) how.schema = std::make_shared<Schema>(arguments.text("validate"));
  if (arguments.has("stylesheet"))
    how.stylesheet = std::make_shared<Stylesheet>(Stylesheet::from_file(arguments.text("stylesheet")));
  for (const std::string& text : arguments.texts("param")) {
    std::size_t const equals = text.find('=');
    if (equals == text.npos || equals == 0)
      throw Error(Exit::usage, "--param '" + text + "' is not NAME=VALUE");
    how.parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return how;
}

void deliver(const Processed& result, const Input& from, const Destination& to) {
  if (to.check && !to.diff) return;
  if (to.diff) return to.check ? void() : write_all(STDOUT_FILENO, result.output, "stdout");
  if (to.in_place) {
    if (result.changed) replace_file(from.path, result.output, to.backup);
  } else if (!to.file.empty()) {
    replace_file(to.file, result.output);
  } else {
    write_all(STDOUT_FILENO, from.ended_by_nul ? result.output + '\0' : result.output, "stdout");
  }
}

}  // namespace

Exit run_edits(const Arguments& arguments, const std::vector<std::string>& files,
               const std::shared_ptr<StdinReader>& input, const std::function<Planner()>& make_planner) {
  Destination const to = destination_of(arguments, files);
  require_documents(files);
  Processing const how = processing_of(arguments);
  bool const json = arguments.text("error-format") == "json";
  Processor processor(how, make_planner());
  InputReader reader(files, input);
  Exit status = Exit::ok;
  std::size_t documents = 0;
  while (true) {
    try {
      std::optional<Input> next = reader.next();
      if (!next) break;
      if (!next->tail) ++documents;
      Input const origin{.path = next->path, .ended_by_nul = next->ended_by_nul};
      Processed const result = processor.process(std::move(*next));
      if (!arguments.has("quiet")) tell(result.plan.warnings, json);
      deliver(result, origin, to);
      if (result.changed && (to.check || to.diff)) status = worse(status, Exit::changed);
    } catch (const Error& error) {
      if (error.status() == Exit::usage) throw;
      tell(error.messages(), json);
      status = worse(status, error.status());
    }
  }
  if (documents == 0 && status == Exit::ok)
    throw Error(Exit::invalid, Place{.file = "<stdin>"}, "there is no document",
                "a domain's XML is expected");
  return status;
}

}  // namespace virt_iface
