// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/terminal.hpp"
#include "batch/document_files.hpp"
#include "batch/run_batch.hpp"
#include "cli/common.hpp"

#include <unistd.h>

namespace virt_iface {
namespace {

/// Both read a tree by calling themselves, level by level, and keep to libxml2's limits.
void refuse_huge(const Arguments& arguments) {
  for (const char* option : {"validate", "stylesheet"})
    if (arguments.has("huge") && arguments.has(option))
      throw Error(Exit::usage, "--huge and --" + std::string(option) + " exclude each other",
                  "what the limits keep out cannot be looked at as a tree; leave one of the two out");
}

Processing processing_of(const Arguments& arguments) {
  refuse_huge(arguments);
  Processing how{
      .limits = {.huge = arguments.has("huge")},
      .diff = arguments.has("diff"),
      .colour = wants_colour(STDOUT_FILENO),
      .to_files = arguments.has("in-place") || arguments.has("output-dir") || arguments.has("output")};
  if (arguments.has("validate")) how.schema = std::make_shared<Schema>(arguments.text("validate"));
  if (arguments.has("stylesheet"))
    how.stylesheet = std::make_shared<Stylesheet>(Stylesheet::from_file(arguments.text("stylesheet")));
  else if (arguments.has("param"))
    throw Error(Exit::usage, "--param goes with --stylesheet");
  for (const std::string& text : arguments.texts("param")) {
    std::size_t const equals = text.find('=');
    if (equals == text.npos || equals == 0)
      throw Error(Exit::usage, "--param '" + text + "' is not NAME=VALUE");
    how.parameters.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return how;
}

}  // namespace

Exit run_edits(const Arguments& arguments, const std::vector<std::string>& words,
               const std::shared_ptr<StdinReader>& input, const std::function<Planner()>& make_planner) {
  require_consistent(arguments);
  require_documents(arguments, words);
  std::vector<FileName> files = document_files(batch_options(arguments), words, *input);
  Processing const how = processing_of(arguments);
  auto const make_process = [&] {
    auto processor = std::make_shared<DocumentEditor>(how, make_planner());
    return [processor](Input document) { return processor->process(std::move(document)); };
  };
  return run_batch(batch_options(arguments), {std::move(files), input, make_process});
}

}  // namespace virt_iface
