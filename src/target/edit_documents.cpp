// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/edit_documents.hpp"

#include "base/terminal.hpp"
#include "batch/document_files.hpp"
#include "batch/run_batch.hpp"
#include "target/check_host.hpp"
#include "target/request.hpp"

namespace virt_iface {
namespace {

/// Both read a tree by calling themselves, level by level, and keep to libxml2's limits.
void refuse_huge(const Arguments& arguments) {
  for (const char* option : {"validate", "stylesheet"})
    if (arguments.has("huge") && arguments.has(option))
      throw Error(Exit::usage, "--huge and --" + std::string(option) + " exclude each other",
                  "what the limits keep out cannot be looked at as a tree; leave one of the two out");
}

/// The stylesheet of --stylesheet, ready to run.
std::shared_ptr<const Keeper> stylesheet_of(const Arguments& arguments) {
  if (!arguments.has("stylesheet") && arguments.has("param"))
    throw Error(Exit::usage, "--param goes with --stylesheet");
  if (!arguments.has("stylesheet")) return {};
  auto sheet = std::make_shared<const Stylesheet>(Stylesheet::from_file(arguments.text("stylesheet")));
  Stylesheet::Parameters parameters;
  for (const std::string& text : arguments.texts("param")) {
    std::size_t const equals = text.find('=');
    if (equals == text.npos || equals == 0)
      throw Error(Exit::usage, "--param '" + text + "' is not NAME=VALUE");
    parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return keep_sheet(std::move(sheet), std::move(parameters));
}

Processing processing_of(const Arguments& arguments) {
  refuse_huge(arguments);
  Processing how{
      .limits = {.huge = arguments.has("huge")},
      .check = arguments.has("check"),
      .diff = arguments.has("diff"),
      .colour = wants_colour(STDOUT_FILENO),
      .to_files = arguments.has("in-place") || arguments.has("output-dir") || arguments.has("output")};
  if (arguments.has("validate")) how.schema = std::make_shared<Schema>(arguments.text("validate"));
  how.stylesheet = stylesheet_of(arguments);
  return how;
}

/// Selects, plans, and checks the plan.
Planner planner_of(const Arguments& arguments, const Edits& edits) {
  const auto plan = [&edits, scoped = edits.make_planner(libvirt_of(arguments))](const Document& document,
                                                                                 const Plan* first) {
    Scope at{.views = {.config = true}, .first = first};
    if (edits.selector) at.positions = select(document, *edits.selector);
    const bool none = edits.selector && at.positions.empty();
    return none ? Plan{} : scoped(document, at);
  };
  return edits.asked.empty() ? checked_on_host(arguments, plan) : plan;
}

}  // namespace

Exit edit_documents(const Arguments& arguments, const Edits& edits, const std::vector<std::string>& words,
                    const std::shared_ptr<StdinReader>& input) {
  require_consistent(arguments);
  require_documents(arguments, words);
  std::vector<FileName> files = document_files(batch_options(arguments), words, *input);
  Processing const how = processing_of(arguments);
  libvirt_of(arguments);
  auto const make_process = [&] {
    auto editor = std::make_shared<DocumentEditor>(how, planner_of(arguments, edits));
    return [editor](Input document) { return editor->process(std::move(document)); };
  };
  return run_batch(batch_options(arguments), {.files = std::move(files),
                                              .input = input,
                                              .make_process = make_process,
                                              .closing = edits.closing,
                                              .of_guests = true});
}

}  // namespace virt_iface
