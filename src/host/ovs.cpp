// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/ovs.hpp"

#include <algorithm>
#include <csignal>
#include <sstream>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "host/nics.hpp"
#include "host/ovs_database.hpp"

namespace virt_iface {
namespace {

constexpr const char* mark_key = "virt-iface";
constexpr const char* mark_value = "made";

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::ranges::sort(lines);
  return lines;
}

/// The first word of a command that is no option.
std::string verb_of(const std::vector<std::string>& command) {
  auto const verb = std::ranges::find_if(command, [](const std::string& word) { return word[0] != '-'; });
  return verb == command.end() ? std::string() : *verb;
}

}  // namespace

bool is_bridge_name(const std::string& name) {
  // A bridge is a network device too; and a name that begins with a dash would be read as an option.
  return is_device_name(name) && name.front() != '-';
}

const std::string& bridge_name(const std::string& name) {
  if (!is_bridge_name(name))
    throw Error(Exit::invalid, "'" + name + "' cannot be the name of an Open vSwitch bridge",
                "use 1 to 15 bytes without white space, slash, colon or a leading dash");
  return name;
}

OpenVSwitch::OpenVSwitch(std::chrono::milliseconds limit)
    : program_(find_program("ovs-vsctl")), end_(std::chrono::steady_clock::now() + limit) {
  if (program_.empty())
    throw Error(Exit::system, "ovs-vsctl is not installed", "install the package openvswitch-switch");
}

bool OpenVSwitch::installed() {
  return !find_program("ovs-vsctl").empty();
}

std::string OpenVSwitch::ask(const std::vector<std::string>& command, const char* option) const {
  using std::chrono::milliseconds;
  auto const left = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
  // ovs-vsctl counts whole seconds; our own limit ends it if it should be late.
  auto const seconds = std::max<long long>(1, std::chrono::floor<std::chrono::seconds>(left).count());
  std::vector<std::string> arguments{"--timeout=" + std::to_string(seconds)};
  if (option) arguments.emplace_back(option);
  arguments.emplace_back("--");
  arguments.insert(arguments.end(), command.begin(), command.end());
  const Finished finished =
      run_program(program_, arguments, std::max(left, milliseconds(0)) + milliseconds(500));
  if (finished.status == 128 + SIGALRM)
    throw Error(Exit::system,
                Message{.text = "Open vSwitch did not answer within " + std::to_string(seconds) + " s",
                        .hint = "see whether ovsdb-server and ovs-vswitchd run",
                        .id = "no-answer"});
  if (finished.status != 0)
    throw Error(Exit::system,
                "Open vSwitch refused " + verb_of(command) + ": " + std::string(trim(finished.err)),
                "see whether openvswitch-switch runs");
  return finished.out;
}

std::vector<std::string> OpenVSwitch::bridges() const {
  using std::chrono::milliseconds;
  auto const left = std::chrono::duration_cast<milliseconds>(end_ - std::chrono::steady_clock::now());
  if (auto names = bridges_in_database(left / 4)) return std::move(*names);
  return lines_of(ask({"list-br"}));
}

bool OpenVSwitch::has_bridge(const std::string& name) const {
  // Not br-exists: its status 2 for "no" would look like a failure.
  return std::ranges::binary_search(bridges(), name);
}

std::vector<std::string> OpenVSwitch::ports(const std::string& bridge) const {
  return lines_of(ask({"list-ports", bridge_name(bridge)}));
}

std::string OpenVSwitch::tables() const {
  return ask(
      {"--columns=_uuid,name,ports", "list", "Bridge", "--", "--columns=_uuid,name,tag,trunks,interfaces",
       "list", "Port", "--", "--columns=_uuid,name,type,options", "list", "Interface"},
      "--format=json");
}

void OpenVSwitch::add_bridges(const std::vector<std::string>& names) const {
  if (names.empty()) return;
  // A host whose bridges are all in the userspace datapath may have no kernel module for another kind.
  const std::vector<std::string> present = bridges();
  const bool userspace =
      !present.empty() && trim(ask({"get", "Bridge", present.front(), "datapath_type"})) == "netdev";
  std::vector<std::string> command;
  for (const std::string& name : names) {
    if (!command.empty()) command.emplace_back("--");
    command.insert(command.end(), {"--may-exist", "add-br", bridge_name(name), "--", "br-set-external-id",
                                   name, mark_key, mark_value});
    if (userspace) command.insert(command.end(), {"--", "set", "Bridge", name, "datapath_type=netdev"});
  }
  ask(command);
}

std::vector<std::string> OpenVSwitch::empty_bridges_of_ours() const {
  const std::string mark = std::string("external_ids:") + mark_key + '=' + mark_value;
  // Two lines a bridge: its name, and the UUIDs of its ports with its own, the local one, among them.
  std::istringstream lines(ask({"--columns=name,ports", "find", "Bridge", mark}, "--bare"));
  std::vector<std::string> empty;
  for (std::string name, ports; std::getline(lines, name);) {
    if (name.empty() || !std::getline(lines, ports)) continue;
    if (ports.find(' ') == std::string::npos) empty.push_back(name);
  }
  std::ranges::sort(empty);
  return empty;
}

void OpenVSwitch::delete_bridges(const std::vector<std::string>& names) const {
  std::vector<std::string> command;
  for (const std::string& name : names) {
    if (!command.empty()) command.emplace_back("--");
    command.insert(command.end(), {"--if-exists", "del-br", bridge_name(name)});
  }
  if (!command.empty()) ask(command, "--no-wait");
}

}  // namespace virt_iface
