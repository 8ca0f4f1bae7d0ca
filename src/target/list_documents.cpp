// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/list_documents.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "base/terminal.hpp"
#include "batch/document_files.hpp"
#include "batch/file_reader.hpp"
#include "batch/pipeline.hpp"
#include "edit/mac.hpp"
#include "target/request.hpp"

namespace virt_iface {
namespace {

/// The records of one document, or what is wrong with it.
struct Listed {
  std::vector<Record> records{};
  std::vector<Message> warnings{};
  std::vector<Record> bare{};
  std::optional<Error> error{};
  std::optional<Message> skipped{};
};

/// What one thread has.
struct Lister {
  explicit Lister(const ScanLimits& limits) : files(most_bytes(limits)), scanner(limits) {}
  FileReader files;
  Scanner scanner;
};

Listed list_one(Input input, Lister& lister, const Selector& selector) {
  try {
    if (input.fault) throw Error(*input.fault);
    if (input.file) input.content = lister.files.read(*input.file);
    Document const document =
        std::holds_alternative<Document>(input.content)
            ? std::get<Document>(std::move(input.content))
            : lister.scanner.scan(std::get<std::string>(std::move(input.content)), input.label);
    Listed listed{.warnings = warnings_of_macs(document, {})};
    if (document.domain.interfaces.empty()) listed.bare.push_back(record_without(document));
    for (std::size_t const position : select(document, selector))
      listed.records.push_back(record_of(document, position));
    return listed;
  } catch (const Error& error) {
    if (auto note = skip_note(input.file, error)) return {.skipped = std::move(note)};
    return {.error = input.file ? with_hint(error, input.label) : error};
  }
}

/// The next document, or its fault; nothing of what stands behind the last one.
std::optional<Input> next_document(InputReader& reader) {
  try {
    std::optional<Input> input = reader.next();
    while (input && input->tail) input = reader.next();
    return input;
  } catch (const Error& error) {
    return Input{.label = "<stdin>", .fault = error};
  }
}

}  // namespace

Listing list_documents(const Arguments& arguments, const Selector& selector,
                       const std::vector<std::string>& words) {
  require_consistent(arguments);
  require_documents(arguments, words);
  auto const input = standard_input(arguments);
  std::vector<FileName> const files = document_files(batch_options(arguments), words, *input);
  InputReader reader(files, input);
  Listing listing;
  auto const make_work = [&] {
    ScanLimits const limits{.huge = arguments.has("huge")};
    auto const lister = std::make_shared<Lister>(limits);
    return [lister, &selector](Input document) { return list_one(std::move(document), *lister, selector); };
  };
  auto const emit = [&](Listed listed) {
    if (listed.skipped) {
      if (!arguments.has("quiet")) tell({*listed.skipped}, message_style(arguments.text("error-format")));
      return true;
    }
    ++listing.domains;
    if (!arguments.has("quiet")) tell(listed.warnings, message_style(arguments.text("error-format")));
    std::move(listed.records.begin(), listed.records.end(), std::back_inserter(listing.records));
    std::move(listed.bare.begin(), listed.bare.end(), std::back_inserter(listing.bare));
    if (!listed.error) return true;
    ++listing.failed;
    tell(listed.error->messages(), message_style(arguments.text("error-format")));
    listing.status = worse(listing.status, listed.error->status());
    return !arguments.has("fail-fast");
  };
  Pipeline<Input, Listed>({[&] { return next_document(reader); }, make_work, emit}, jobs_of(arguments)).run();
  if (listing.domains == 0) throw no_document(files);
  listing.many = listing.domains > 1;
  return listing;
}

}  // namespace virt_iface
