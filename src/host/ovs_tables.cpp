// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/error.hpp"
#include "host/devices.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::json;

/// A row's cells by their column.
using Row = std::map<std::string, Json>;

/// `["set", [...]]`, or one value, which OVSDB writes for a set of one.
std::vector<Json> values_of(const Json& cell) {
  const bool set = cell.is_array() && cell.size() == 2 && cell.at(0) == "set";
  return set ? cell.at(1).get<std::vector<Json>>() : std::vector<Json>{cell};
}

std::string uuid_of(const Json& cell) {
  return cell.at(1).get<std::string>();
}

std::vector<unsigned> numbers_of(const Row& row, const char* column) {
  std::vector<unsigned> numbers;
  for (const Json& value : values_of(row.at(column))) numbers.push_back(value.get<unsigned>());
  return numbers;
}

/// The value of `["map", [[key, value], ...]]`, or empty.
std::string value_in_map(const Json& cell, const std::string& key) {
  for (const Json& pair : cell.at(1))
    if (pair.at(0) == key) return pair.at(1).get<std::string>();
  return {};
}

std::map<std::string, Row> table_of(const std::string& line) {
  const Json table = Json::parse(line);
  std::map<std::string, Row> rows;
  for (const Json& cells : table.at("data")) {
    Row row;
    for (std::size_t i = 0; i < cells.size(); ++i) row.emplace(table.at("headings").at(i), cells.at(i));
    rows.emplace(uuid_of(row.at("_uuid")), std::move(row));
  }
  return rows;
}

/// A port, with the name of the patch at the other end as its peer.
OvsPort port_of(const Row& row, const std::map<std::string, Row>& interfaces) {
  OvsPort port{.name = row.at("name").get<std::string>(), .tags = numbers_of(row, "tag")};
  for (const unsigned tag : numbers_of(row, "trunks")) port.tags.push_back(tag);
  std::ranges::sort(port.tags);
  for (const Json& value : values_of(row.at("interfaces"))) {
    const Row& interface = interfaces.at(uuid_of(value));
    port.interfaces.push_back(interface.at("name").get<std::string>());
    if (interface.at("type") == "patch") port.peer = value_in_map(interface.at("options"), "peer");
  }
  std::ranges::sort(port.interfaces);
  return port;
}

/// A patch port's peer is a port: the bridge that has it is what lies there.
void name_bridges_of_peers(std::vector<OvsBridge>& bridges) {
  std::map<std::string, std::string> bridge_of;
  for (const OvsBridge& bridge : bridges)
    for (const OvsPort& port : bridge.ports) bridge_of.emplace(port.name, bridge.name);
  for (OvsBridge& bridge : bridges)
    for (OvsPort& port : bridge.ports)
      if (!port.peer.empty()) port.peer = bridge_of[port.peer];
}

std::vector<OvsBridge> bridges_of(std::istream& lines) {
  std::map<std::string, Row> bridges;
  std::map<std::string, Row> ports;
  std::map<std::string, Row> interfaces;
  std::string line;
  for (auto* table : {&bridges, &ports, &interfaces})
    if (std::getline(lines, line)) *table = table_of(line);
  std::vector<OvsBridge> out;
  for (const auto& [uuid, row] : bridges) {
    OvsBridge bridge{.name = row.at("name").get<std::string>()};
    for (const Json& value : values_of(row.at("ports"))) {
      OvsPort port = port_of(ports.at(uuid_of(value)), interfaces);
      if (port.name != bridge.name) bridge.ports.push_back(std::move(port));
    }
    std::ranges::sort(bridge.ports, {}, &OvsPort::name);
    out.push_back(std::move(bridge));
  }
  std::ranges::sort(out, {}, &OvsBridge::name);
  name_bridges_of_peers(out);
  return out;
}

}  // namespace

std::vector<OvsBridge> parse_ovs(std::string_view text) {
  std::istringstream lines{std::string(text)};
  try {
    return bridges_of(lines);
  } catch (const std::exception& fault) {  // of JSON, or a row that is not there
    throw Error(Exit::system, "cannot read what ovs-vsctl lists: " + std::string(fault.what()));
  }
}

}  // namespace virt_iface
