// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/ovs.hpp"

#include <algorithm>
#include <csignal>

#include "base/error.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "host/nics.hpp"

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
    : program_(find_program("ovs-vsctl")), limit_(limit) {
  if (program_.empty())
    throw Error(Exit::system, "ovs-vsctl is not installed", "install the package openvswitch-switch");
}

bool OpenVSwitch::installed() {
  return !find_program("ovs-vsctl").empty();
}

std::string OpenVSwitch::ask(const std::vector<std::string>& command) const {
  // ovs-vsctl counts whole seconds; our own limit ends it if it should be late.
  const auto seconds = std::max<long long>(1, std::chrono::floor<std::chrono::seconds>(limit_).count());
  std::vector<std::string> arguments{"--timeout=" + std::to_string(seconds), "--"};
  arguments.insert(arguments.end(), command.begin(), command.end());
  const Finished finished = run_program(program_, arguments, limit_ + std::chrono::milliseconds(500));
  if (finished.status == 128 + SIGALRM)
    throw Error(Exit::system, "Open vSwitch did not answer within " + std::to_string(seconds) + " s",
                "see whether ovsdb-server and ovs-vswitchd run");
  if (finished.status != 0)
    throw Error(Exit::system,
                "Open vSwitch refused " + command.front() + ": " + std::string(trim(finished.err)),
                "see whether openvswitch-switch runs");
  return finished.out;
}

std::vector<std::string> OpenVSwitch::bridges() const {
  return lines_of(ask({"list-br"}));
}

bool OpenVSwitch::has_bridge(const std::string& name) const {
  // Not br-exists: its status 2 for "no" would look like a failure.
  return std::ranges::binary_search(bridges(), name);
}

std::vector<std::string> OpenVSwitch::ports(const std::string& bridge) const {
  return lines_of(ask({"list-ports", bridge_name(bridge)}));
}

void OpenVSwitch::add_bridge(const std::string& name) const {
  std::vector<std::string> command{"add-br", bridge_name(name), "--",      "br-set-external-id",
                                   name,     mark_key,          mark_value};
  // A host whose bridges are all in the userspace datapath may have no kernel module for another kind.
  const std::vector<std::string> present = bridges();
  if (!present.empty()) {
    const std::string datapath{trim(ask({"get", "Bridge", present.front(), "datapath_type"}))};
    if (datapath == "netdev")
      command.insert(command.end(), {"--", "set", "Bridge", name, "datapath_type=netdev"});
  }
  ask(command);
}

bool OpenVSwitch::delete_bridge_if_empty(const std::string& name) const {
  if (!has_bridge(bridge_name(name))) return false;
  if (trim(ask({"br-get-external-id", name, mark_key})) != mark_value || !ports(name).empty()) return false;
  ask({"del-br", name});
  return true;
}

}  // namespace virt_iface
