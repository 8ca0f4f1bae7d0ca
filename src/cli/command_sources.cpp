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
#include "edit/types.hpp"
#include "host/ovs.hpp"
#include "host/sources.hpp"
#include "list/table.hpp"
#include "live/connection.hpp"
#include "target/check_host.hpp"
#include "target/request.hpp"
#include "xml/scan.hpp"

namespace virt_iface {
namespace {

using Texts = std::vector<std::string>;

constexpr std::array<std::string_view, 4> types{"macvtap", "ovs", "bridge", "network"};

Texts types_of(const Arguments& arguments) {
  Texts asked = arguments.texts("type");
  const std::string uri = arguments.text("connect");
  const bool far = is_on_another_host(uri);
  for (const std::string& word : asked)
    if (std::ranges::find(types, word) == types.end())
      throw Error(Exit::usage, "type '" + word + "' is not one of macvtap, ovs, bridge, network",
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

std::vector<Source> network_sources(const Connection& libvirt) {
  std::vector<Source> sources;
  for (const Network& network : libvirt.networks())
    sources.push_back({.type = "network",
                       .name = network.name,
                       .kind = "network",
                       .state = network.active ? "active" : "inactive",
                       .note = network.bridge.empty() ? "" : "bridge " + network.bridge});
  return sources;
}

/// For what does not keep the rest from being told.
void tell_as_warning(const Arguments& arguments, const Error& error) {
  std::vector<Message> messages = error.messages();
  for (Message& message : messages) message.severity = Severity::warning;
  if (!arguments.has("quiet")) tell(messages, message_style(arguments.text("error-format")));
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

std::string table(const std::vector<Source>& sources, bool users) {
  std::vector<Texts> rows{{"type", "name", "kind", "state", "speed", "mtu", "mac"}};
  const bool notes = std::ranges::any_of(sources, [](const Source& s) { return !s.note.empty(); });
  if (notes) rows[0].emplace_back("note");
  if (users) rows[0].emplace_back("used by");
  const auto text = [](const auto& number) { return number ? std::to_string(*number) : std::string(); };
  for (const Source& s : sources) {
    rows.push_back({s.type, s.name, s.kind, s.state, text(s.speed), text(s.mtu), s.mac});
    if (notes) rows.back().push_back(s.note);
    if (users) rows.back().push_back(join(s.used_by, ","));
  }
  return format_table(std::move(rows), columns_of_stdout());
}

std::string json(const std::vector<Source>& sources, bool users) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Source& source : sources) {
    nlohmann::ordered_json object{
        {"type", source.type}, {"name", source.name}, {"kind", source.kind}, {"state", source.state}};
    object["speed"] = source.speed ? nlohmann::ordered_json(*source.speed) : nlohmann::ordered_json();
    object["mtu"] = source.mtu ? nlohmann::ordered_json(*source.mtu) : nlohmann::ordered_json();
    object["mac"] = source.mac;
    object["note"] = source.note;
    if (users) object["used_by"] = source.used_by;
    array.push_back(std::move(object));
  }
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

/// Where nothing was asked for by name, an Open vSwitch that is installed but does not run is no failure.
Host host_for(const Arguments& arguments, bool ask_ovs) {
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
    throw Error(Exit::usage, "format '" + format + "' is not one of table, json");
  const Texts asked = types_of(arguments);
  const auto wants = [&](std::string_view type) { return std::ranges::find(asked, type) != asked.end(); };
  const bool host_wanted =
      std::ranges::any_of(asked, [](const std::string& type) { return type != "network"; });
  const Host host = host_wanted ? host_for(arguments, wants("ovs")) : Host{};
  std::optional<Connection> libvirt;
  if (arguments.has("connect") || wants("network"))
    libvirt = Connection::open(arguments.text("connect"), Access::read);
  std::vector<Source> sources;
  for (const std::string& type : asked)
    std::ranges::move(type == "network" ? network_sources(*libvirt) : host_sources(host, type),
                      std::back_inserter(sources));
  const bool users = arguments.has("connect");
  if (users) add_users(arguments, *libvirt, sources);
  write_all(STDOUT_FILENO, format == "json" ? json(sources, users) : table(sources, users), "stdout");
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
