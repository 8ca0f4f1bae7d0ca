// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <set>

#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "batch/document_files.hpp"
#include "batch/pipeline.hpp"
#include "cli/command.hpp"
#include "cli/common.hpp"
#include "cli/on_template.hpp"
#include "cli/online_list.hpp"
#include "cli/record.hpp"
#include "edit/select.hpp"

namespace virt_iface {
namespace {

options::options_description known() {
  options::options_description group("Output");
  group.add_options()("format", options::value<std::string>()->value_name("table|json|xml|tsv"),
                      "how the interfaces are written (default: table)");
  return input_options().add(group).add(connect_options()).add(template_options());
}

RecordFormat format_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> formats{"table", "json", "xml", "tsv"};
  std::string const word = arguments.has("format") ? arguments.text("format") : "table";
  if (std::find(formats.begin(), formats.end(), word) == formats.end())
    throw Error(Exit::usage, "format '" + word + "' is not one of table, json, xml, tsv",
                did_you_mean(word, formats));
  return {.name = word, .room = columns_of_stdout()};
}

Exit print_guests(const Arguments& arguments, const Picker& pick, RecordFormat how) {
  Listing const listing = list_guests(arguments, pick);
  if (listing.guests == 1 && listing.status != Exit::ok) return listing.status;
  how.domain_column = listing.guests > 1 || arguments.has("all");
  write_all(STDOUT_FILENO, format_records(listing.records, how), "stdout");
  return listing.status;
}

/// The records of one document, or what is wrong with it.
struct Listed {
  std::vector<Record> records{};
  std::optional<Error> error{};
};

Listed list_one(Input input, const ScanLimits& limits, Scanner& scanner, const Picker& pick) {
  try {
    if (input.fault) throw Error(*input.fault);
    if (input.file) {
      std::size_t const most = most_bytes(limits);
      std::string bytes = read_file(input.file->path, most);
      if (bytes.size() > most) throw too_large(input.label);
      input.content = std::move(bytes);
    }
    Document const document =
        std::holds_alternative<Document>(input.content)
            ? std::get<Document>(std::move(input.content))
            : scanner.scan(std::get<std::string>(std::move(input.content)), input.label);
    Listed listed;
    for (std::size_t const position : pick(document)) listed.records.push_back(record_of(document, position));
    return listed;
  } catch (const Error& error) {
    return {.error = error};
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

/// Reads every document, keeps the records of what `pick` chooses, and prints them once.
Exit print(const Arguments& arguments, const std::vector<std::string>& words, const Picker& pick) {
  RecordFormat how = format_of(arguments);
  if (is_online(arguments, words)) return print_guests(arguments, pick, how);
  require_consistent(arguments);
  require_documents(arguments, words);
  auto const input = standard_input(arguments);
  std::vector<FileName> const files = document_files(batch_options(arguments), words, *input);
  InputReader reader(files, input);
  std::vector<Record> records;
  Exit status = Exit::ok;
  std::size_t documents = 0;
  std::size_t failed = 0;
  auto const make_work = [&] {
    ScanLimits const limits{.huge = arguments.has("huge")};
    auto scanner = std::make_shared<Scanner>(limits);
    return [limits, scanner, &pick](Input document) {
      return list_one(std::move(document), limits, *scanner, pick);
    };
  };
  auto const emit = [&](Listed listed) {
    ++documents;
    std::move(listed.records.begin(), listed.records.end(), std::back_inserter(records));
    if (!listed.error) return true;
    ++failed;
    tell(listed.error->messages(), arguments.text("error-format") == "json");
    status = worse(status, listed.error->status());
    return !arguments.has("fail-fast");
  };
  Pipeline<Input, Listed>({[&] { return next_document(reader); }, make_work, emit}, jobs_of(arguments)).run();
  if (documents == 0) throw no_document(files);
  if (failed == documents) return status;
  how.domain_column = documents > 1;
  write_all(STDOUT_FILENO, format_records(records, how), "stdout");
  return status;
}

Exit run_list(const Arguments& arguments) {
  if (arguments.has("template")) return list_template(arguments, format_of(arguments));
  return print(arguments, arguments.words, [](const Document& document) {
    std::vector<std::size_t> positions(document.domain.interfaces.size());
    for (std::size_t i = 0; i < positions.size(); ++i) positions[i] = i + 1;
    return positions;
  });
}

Exit run_show(const Arguments& arguments) {
  if (arguments.has("template")) return show_template(arguments, format_of(arguments));
  if (arguments.words.empty()) throw Error(Exit::usage, "which interface?", "virt-iface show SEL [FILE...]");
  Selector const selector = parse_selector(arguments.words.front());
  return print(arguments, {arguments.words.begin() + 1, arguments.words.end()},
               [&](const Document& document) { return select(document, selector); });
}

}  // namespace

const Command list_command{"list", "[FILE...]", "list a guest's interfaces", known, run_list};
const Command show_command{"show", "SEL [FILE...]", "show one interface", known, run_show};

}  // namespace virt_iface
