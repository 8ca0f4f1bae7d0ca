// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/commas.hpp"
#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "list/duplicates.hpp"
#include "target/listing.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

RecordFormat format_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> formats{"table", "json", "xml", "tsv"};
  std::string const word = arguments.has("format") ? arguments.text("format") : "table";
  if (std::find(formats.begin(), formats.end(), word) == formats.end())
    throw Error(Exit::usage, "--format '" + word + "' is not one of table, json, xml, tsv",
                did_you_mean(word, formats));
  RecordFormat how{.name = word, .room = columns_of_stdout()};
  if (arguments.has("columns")) how.columns = split_at_commas(arguments.text("columns"));
  require_columns(how.columns);
  if (!how.columns.empty() && how.name != "table" && how.name != "tsv")
    throw Error(Exit::usage, "--columns goes with --format table or tsv", "leave it out");
  return how;
}

/// Prints them once, when all are read.
Exit print(const Arguments& arguments, const Selected& selected, RecordFormat how) {
  Target const target = target_of(arguments, selected.words);
  Listing listing = list_interfaces(arguments, target, selected.selector, selected.words);
  if (!arguments.has("quiet") && listing.failed == 0)
    tell(unmet(selected.selector), message_style(arguments.text("error-format")));
  if (listing.failed != 0 && listing.failed == listing.domains) return listing.status;
  if (arguments.has("duplicates")) listing.records = duplicates_among(listing.records);
  how.domain_column = listing.many;
  write_all(STDOUT_FILENO, format_records(listing.records, how), "stdout");
  return listing.status;
}

Exit run_list(const Arguments& arguments) {
  if (arguments.has("where")) return print(arguments, read_selector(arguments, {}), format_of(arguments));
  return print(arguments, {parse_selector("all"), arguments.words}, format_of(arguments));
}

Exit run_show(const Arguments& arguments) {
  RecordFormat how = format_of(arguments);
  if (how.name == "table" && how.columns.empty()) how.name = "keys";
  return print(arguments, read_selector(arguments, "virt-iface show SEL [FILE...]"), how);
}

}  // namespace

const Command list_command{"list",
                           "[FILE...]",
                           "list a guest's interfaces",
                           any_target,
                           "  virt-iface list web1.xml\n"
                           "  virt-iface list --where vlan=42 -r /srv/guests\n"
                           "  virt-iface list --all --format json\n",
                           run_list};
const Command show_command{"show",
                           "SEL [FILE...]",
                           "show one interface",
                           any_target,
                           "  virt-iface show 1 web1.xml\n"
                           "  virt-iface show 52:54:00:12:34:56 --domain web1\n"
                           "  virt-iface show --where type=ovs -r /srv/guests\n",
                           run_show};

}  // namespace virt_iface
