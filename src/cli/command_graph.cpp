// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <iterator>
#include <string>
#include <utility>

#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "graph/build.hpp"
#include "live/connection.hpp"
#include "target/listing.hpp"
#include "target/targets.hpp"

namespace virt_iface {
namespace {

std::string word_of(const Arguments& arguments, const char* option, std::span<const std::string_view> words) {
  std::string word = arguments.text(option);
  if (!arguments.has(option) || std::ranges::find(words, word) != words.end()) return word;
  std::string all;
  for (const std::string_view one : words) all.append(all.empty() ? "" : ", ").append(one);
  throw Error(Exit::usage, "--" + std::string(option) + " '" + word + "' is not one of " + all,
              did_you_mean(word, words));
}

GraphFormat format_of(const Arguments& arguments) {
  constexpr std::array<std::string_view, 4> formats{"tree", "dot", "mermaid", "json"};
  GraphFormat how{.colour = wants_colour(STDOUT_FILENO)};
  if (const std::string word = word_of(arguments, "format", formats); !word.empty()) how.name = word;
  return how;
}

GroupBy group_by(const Arguments& arguments) {
  constexpr std::array<std::string_view, 2> groups{"source", "vlan"};
  const std::string word = word_of(arguments, "group-by", groups);
  return word.empty() ? GroupBy::nothing : word == "source" ? GroupBy::source : GroupBy::vlan;
}

/// The interfaces that --where means, by the same rules as anywhere.
std::vector<Record> chosen(const std::vector<Record>& all, const Selector& selector) {
  const Candidates candidates{.count = all.size(),
                              .interface = [&](std::size_t position) { return all.at(position - 1).keys; }};
  std::vector<Record> shown;
  for (const std::size_t position : select(candidates, selector)) shown.push_back(all.at(position - 1));
  return shown;
}

bool has_type(const std::vector<Record>& records, std::string_view type) {
  return std::ranges::any_of(records, [&](const Record& r) { return r.keys.get("type") == type; });
}

Beneath beneath_of(const Arguments& arguments) {
  const std::string directory = arguments.text("host");
  return directory.empty() ? read_beneath()
                           : read_beneath(std::filesystem::path(directory).lexically_normal());
}

/// The driver for tests has guests, and no host beneath them.
bool has_no_host(std::string_view uri) {
  return uri.starts_with("test:");
}

void look_at_host(const Arguments& arguments, Realm& realm, GraphInput& input) {
  const std::string& uri = realm.uri;
  const bool far = is_remote(uri);
  if (far || (!arguments.has("host") && has_no_host(uri))) {
    input.unseen.push_back("the devices beneath " + uri +
                           (far ? ": they are another host's" : ": it has none"));
    return;
  }
  realm.host = beneath_of(arguments);
  input.unseen.insert(input.unseen.end(), realm.host->unseen.begin(), realm.host->unseen.end());
  if (!realm.host->ovs && realm.host->unseen.empty() && has_type(input.shown, "ovs"))
    input.unseen.emplace_back("Open vSwitch: it is not installed");
}

/// The networks of the libvirt that is asked, before documents are read: its driver for tests reads XML in
/// this process, and the scanner lets nobody read files.
Realm realm_of_libvirt(const std::string& uri, GraphInput& input) {
  const Connection libvirt = Connection::open(uri, Access::read);
  Realm realm{.uri = libvirt.uri()};
  try {
    std::vector<GraphNetwork> networks;
    for (const Network& network : libvirt.networks())
      networks.push_back({network.name, network.active, libvirt.network_xml(network.name)});
    realm.networks = std::move(networks);
  } catch (const Error& error) {
    input.unseen.push_back("the networks of " + realm.uri + ": " + error.what());
  }
  return realm;
}

/// Each once.
std::vector<Realm> realms_of_libvirt(const Arguments& arguments, GraphInput& input) {
  std::vector<std::string> uris = arguments.texts("connect");
  if (uris.empty()) uris.emplace_back();
  std::vector<Realm> realms;
  for (const std::string& uri : uris) {
    Realm realm = realm_of_libvirt(uri, input);
    if (std::ranges::find(realms, realm.uri, &Realm::uri) == realms.end()) realms.push_back(std::move(realm));
  }
  return realms;
}

void look_beneath_documents(const Arguments& arguments, Realm& realm, GraphInput& input) {
  if (arguments.has("host"))
    look_at_host(arguments, realm, input);
  else
    input.unseen.emplace_back("the devices beneath: --host draws those of this host");
  if (has_type(input.shown, "network"))
    input.unseen.emplace_back("libvirt's networks: --all asks libvirt, for its own guests");
}

Exit run(const Arguments& arguments) {
  GraphFormat how = format_of(arguments);
  GraphInput input{.group_by = group_by(arguments)};
  how.grouped = input.group_by != GroupBy::nothing;
  const Selector selector =
      arguments.has("where") ? parse_where(arguments.texts("where")) : parse_selector("all");
  const Target target = target_of(arguments, arguments.words);
  input.realms = target == libvirt ? realms_of_libvirt(arguments, input) : std::vector<Realm>(1);
  Listing listing = list_interfaces(arguments, target, parse_selector("all"), arguments.words);
  if (listing.failed != 0 && listing.failed == listing.domains) return listing.status;
  input.all = std::move(listing.records);
  input.shown = chosen(input.all, selector);
  if (!arguments.has("where")) std::ranges::move(listing.bare, std::back_inserter(input.shown));
  if (!arguments.has("quiet") && listing.failed == 0)
    tell(unmet(selector), message_style(arguments.text("error-format")));
  for (Realm& realm : input.realms)
    target == libvirt ? look_at_host(arguments, realm, input)
                      : look_beneath_documents(arguments, realm, input);
  write_all(STDOUT_FILENO, format_graph(build_graph(std::move(input)), how), "stdout");
  return listing.status;
}

}  // namespace

const Command graph_command{"graph",
                            "[FILE...]",
                            "draw which guest hangs on what",
                            documents | libvirt,
                            "  virt-iface graph -r /srv/guests\n"
                            "  virt-iface graph --all --where vlan=42\n"
                            "  virt-iface graph --all --format dot | dot -Tsvg > estate.svg\n",
                            run};

}  // namespace virt_iface
