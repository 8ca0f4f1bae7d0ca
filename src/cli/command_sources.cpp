// SPDX-License-Identifier: LGPL-2.1-or-later
#include <unistd.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/file.hpp"
#include "base/terminal.hpp"
#include "base/text.hpp"
#include "cli/command.hpp"
#include "edit/live_view.hpp"
#include "host/ovs.hpp"
#include "host/sources.hpp"
#include "list/table.hpp"
#include "live/connection.hpp"
#include "target/check_host.hpp"
#include "target/request.hpp"
#include "view/types.hpp"
#include "xml/scan.hpp"
#include "xml/tree.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 5> types{"macvtap", "ovs", "bridge", "network", "hostdev"};

Texts types_of(const Arguments& arguments) {
  Texts asked = arguments.texts("type");
  const std::string uri = arguments.text("connect");
  const bool far = is_on_another_host(uri);
  for (const std::string& word : asked)
    if (std::ranges::find(types, word) == types.end())
      throw Error(Exit::usage, "type '" + word + "' is not one of macvtap, ovs, bridge, network, hostdev",
                  did_you_mean(word, types));
  for (const std::string& word : asked)
    if (far && word != "network")
      throw Error(Exit::usage, "sources of type " + word + " are this host's, and " + uri + " is another one",
                  "run it there, or ask for --type network only");
  if (!asked.empty()) return asked;
  if (far) return {"network"};
  asked = {"macvtap", "bridge"};
  if (OpenVSwitch::installed()) asked.insert(asked.begin() + 1, "ovs");
  if (arguments.has("connect")) asked.emplace_back("network");
  return asked;
}

/// For what does not keep the rest from being printed.
void tell_as_warning(const Arguments& arguments, const Error& error) {
  std::vector<Message> messages = error.messages();
  for (Message& message : messages) message.severity = Severity::warning;
  if (!arguments.has("quiet")) tell(messages, message_style(arguments.text("error-format")));
}

/// A network, and what it sits on.
struct Ground {
  Source source{};
  std::vector<std::string> devices{};
};

Ground ground_of(const Connection& libvirt, const Network& network) {
  Ground out{.source = {.type = "network",
                        .name = network.name,
                        .kind = "network",
                        .state = network.active ? "active" : "inactive",
                        .bridge = network.bridge}};
  const Element tree = read_tree(libvirt.network_xml(network.name));
  const Element* forward = tree.child("forward");
  const std::string mode(tree.at("forward/@mode"));
  out.source.forward = forward == nullptr ? "isolated" : mode.empty() ? "nat" : mode;
  if (!network.bridge.empty()) out.devices.push_back(network.bridge);
  if (forward == nullptr) return out;
  out.devices.emplace_back(forward->at("@dev"));
  for (const Element& child : forward->children) out.devices.emplace_back(child.at("@dev"));
  return out;
}

/// One may be gone meanwhile.
std::vector<Ground> grounds_of(const Arguments& arguments, const Connection& libvirt) {
  std::vector<Ground> out;
  for (const Network& network : libvirt.networks()) try {
      out.push_back(ground_of(libvirt, network));
    } catch (const Error& error) {
      tell_as_warning(arguments, error);
    }
  return out;
}

/// Notes at each source of the host the networks that sit on it.
void add_networks(const std::vector<Ground>& grounds, std::vector<Source>& sources) {
  for (Source& source : sources)
    for (const Ground& ground : grounds)
      if (source.type != "network" && std::ranges::find(ground.devices, source.name) != ground.devices.end())
        source.networks.push_back(ground.source.name);
}

/// As it runs, or else as it is configured.
Document document_of(const Connection& libvirt, const Guest& guest, Scanner& scanner) {
  if (!guest.active) return scanner.scan(libvirt.xml(guest, View::config, false), guest.name);
  return with_networks(scanner.scan(libvirt.xml(guest, View::live, false), guest.name), scanner);
}

void add_user(const Document& document, const std::string& name, std::vector<Source>& sources) {
  for (const Element& interface : document.domain.interfaces)
    for (Source& source : sources)
      if (source.type == type_of(interface) && source.name == source_of(interface) &&
          (source.used_by.empty() || source.used_by.back() != name))
        source.used_by.push_back(name);
}

/// Notes at each source the guests with an interface on it. One may be gone meanwhile.
void add_users(const Arguments& arguments, const Connection& libvirt, std::vector<Source>& sources) {
  Scanner scanner;
  for (const Guest& guest : libvirt.guests()) {
    try {
      add_user(document_of(libvirt, guest, scanner), guest.name, sources);
    } catch (const Error& error) {
      tell_as_warning(arguments, error);
    }
  }
}

struct Column {
  const char* title;
  std::string (*cell)(const Source&);
  bool always = true;  ///< else only where some source has it
};

std::string number_text(const std::optional<std::uint64_t>& number) {
  return number ? std::to_string(*number) : std::string();
}

constexpr std::array<Column, 14> columns{{
    {"type", [](const Source& s) { return s.type; }},
    {"name", [](const Source& s) { return s.name; }},
    {"kind", [](const Source& s) { return s.kind; }},
    {"state", [](const Source& s) { return s.state; }},
    {"speed", [](const Source& s) { return number_text(s.speed); }},
    {"mtu", [](const Source& s) { return number_text(s.mtu); }},
    {"mac", [](const Source& s) { return s.mac; }},
    {"addresses", [](const Source& s) { return join(s.addresses, ","); }, false},
    {"driver", [](const Source& s) { return s.driver; }, false},
    {"forward", [](const Source& s) { return s.forward; }, false},
    {"bridge", [](const Source& s) { return s.bridge; }, false},
    {"note", [](const Source& s) { return s.note; }, false},
    {"networks", [](const Source& s) { return join(s.networks, ","); }, false},
    {"used by", [](const Source& s) { return join(s.used_by, ","); }, false},
}};

std::string table(const std::vector<Source>& sources) {
  std::vector<Texts> rows(sources.size() + 1);
  for (const Column& column : columns) {
    const auto says = [&](const Source& source) { return !column.cell(source).empty(); };
    if (!column.always && std::ranges::none_of(sources, says)) continue;
    rows[0].emplace_back(column.title);
    for (std::size_t i = 0; i < sources.size(); ++i) rows[i + 1].push_back(column.cell(sources[i]));
  }
  return format_table(std::move(rows), columns_of_stdout());
}

nlohmann::ordered_json number_json(const std::optional<std::uint64_t>& number) {
  return number ? nlohmann::ordered_json(*number) : nlohmann::ordered_json();
}

std::string json(const std::vector<Source>& sources, bool users) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Source& source : sources) {
    nlohmann::ordered_json object{
        {"type", source.type}, {"name", source.name}, {"kind", source.kind}, {"state", source.state}};
    object["speed"] = number_json(source.speed);
    object["mtu"] = number_json(source.mtu);
    object["mac"] = source.mac;
    object["addresses"] = source.addresses;
    object["driver"] = source.driver;
    if (source.type == "network") object["forward"] = source.forward;
    if (source.type == "network") object["bridge"] = source.bridge;
    object["note"] = source.note;
    if (users) object["used_by"] = source.used_by;
    if (users) object["networks"] = source.networks;
    array.push_back(std::move(object));
  }
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

/// Where Open vSwitch is not installed there are no bridges of its; where nothing was asked for by name, one
/// that is installed but does not run is no failure.
Host host_for(const Arguments& arguments, bool ask_ovs) {
  ask_ovs = ask_ovs && OpenVSwitch::installed();
  try {
    return read_host(ask_ovs);
  } catch (const Error& error) {
    if (arguments.has("type") || !ask_ovs) throw;
    tell_as_warning(arguments, error);
  }
  return read_host(false);
}

Exit run(const Arguments& arguments) {
  if (!arguments.words.empty())
    throw Error(Exit::usage, "sources takes no '" + arguments.words.front() + "'", "use --type TYPE");
  const std::string format = arguments.has("format") ? arguments.text("format") : "table";
  if (format != "table" && format != "json")
    throw Error(Exit::usage, "--format '" + format + "' is not one of table, json");
  const Texts asked = types_of(arguments);
  const auto wants = [&](std::string_view type) { return std::ranges::find(asked, type) != asked.end(); };
  const bool host_wanted =
      std::ranges::any_of(asked, [](const std::string& type) { return type != "network"; });
  const Host host = host_wanted ? host_for(arguments, wants("ovs")) : Host{};
  std::optional<Connection> libvirt;
  if (arguments.has("connect") || wants("network"))
    libvirt = Connection::open(arguments.text("connect"), Access::read);
  const std::vector<Ground> grounds = libvirt ? grounds_of(arguments, *libvirt) : std::vector<Ground>{};
  std::vector<Source> sources;
  for (const std::string& type : asked)
    if (type == "network")
      std::ranges::transform(grounds, std::back_inserter(sources), &Ground::source);
    else
      std::ranges::move(host_sources(host, type), std::back_inserter(sources));
  const bool users = arguments.has("connect");
  if (users) add_users(arguments, *libvirt, sources);
  if (users) add_networks(grounds, sources);
  write_all(STDOUT_FILENO, format == "json" ? json(sources, users) : table(sources), "stdout");
  return Exit::ok;
}

}  // namespace

const Command sources_command{"sources",
                              "",
                              "list what an interface can be put on",
                              0,
                              "  virt-iface sources\n  virt-iface sources --type ovs\n  virt-iface sources "
                              "--connect qemu:///system --format json\n",
                              run};

}  // namespace virt_iface
