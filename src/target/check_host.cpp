// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/check_host.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "base/terminal.hpp"
#include "base/text.hpp"
#include "host/cards.hpp"
#include "host/ovs.hpp"
#include "host/sources.hpp"
#include "live/connection.hpp"
#include "spec/builder.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

/// What this host has, read when the first source of a kind is asked about.
class HostCheck {
 public:
  explicit HostCheck(const Arguments& arguments) : uris_(arguments.texts("connect")) {
    if (uris_.empty()) uris_.emplace_back();
  }

  /// What is wrong with a source. Whoever cannot be asked hides nothing that is wrong with the others.
  std::vector<Message> operator()(std::string_view type, const std::string& name, bool tagged = false) {
    const std::string_view asked = type == "network" ? "libvirt"
                                   : type == "ovs"   ? "Open vSwitch"
                                                     : "the host";
    const auto failed = failed_.find(asked);
    if (failed != failed_.end()) return failed->second;
    try {
      return look(type, name, tagged);
    } catch (const Error& error) {
      return failed_[asked] = error.messages();
    }
  }

 private:
  std::vector<Message> look(std::string_view type, const std::string& name, bool tagged) {
    if (type == "network") return check_network(name);
    if (type != "macvtap" && type != "ovs" && type != "bridge" && type != "hostdev" && type != "vdpa" &&
        type != "vhostuser")
      return {};
    // Open vSwitch is asked about its own bridges only: it need not run for anything else.
    if (!host_ || (type == "ovs" && !host_->ovs_bridges)) host_ = read_host(type == "ovs");
    return check_source(*host_, type, name, tagged);
  }

  std::vector<Message> check_network(const std::string& name) {
    if (networks_.empty())
      for (const std::string& uri : uris_)
        networks_.push_back(Connection::open(uri, Access::read).networks());
    std::vector<Message> warnings;
    for (const std::vector<Network>& there : networks_) {
      const auto found = std::ranges::find(there, name, &Network::name);
      if (found == there.end())
        return {{Severity::error,
                 {},
                 "libvirt has no network '" + name + "'",
                 named_instead(name, names_of(there))}};
      if (is_ibm_z()) std::ranges::move(check_bridge(found->bridge), std::back_inserter(warnings));
    }
    return warnings;
  }

  /// What cards keep from the guests of a network's bridge, of whichever kind it is; of one that is not there
  /// nothing.
  std::vector<Message> check_bridge(const std::string& name) {
    const std::optional<Nic> nic = find_nic(name);
    if (!nic) return {};
    const bool linux_bridge = nic->kind == NicKind::bridge;
    if (!host_ || (!linux_bridge && !host_->ovs_bridges))
      host_ = read_host(!linux_bridge && OpenVSwitch::installed());
    return check_cards(*host_, linux_bridge ? "bridge" : "ovs", name);
  }

  static std::vector<std::string> names_of(const std::vector<Network>& networks) {
    std::vector<std::string> names;
    names.reserve(networks.size());
    for (const Network& network : networks) names.push_back(network.name);
    return names;
  }

  std::vector<std::string> uris_;
  std::optional<Host> host_{};
  std::vector<std::vector<Network>> networks_{};               ///< of each libvirt, all of which must have it
  std::map<std::string_view, std::vector<Message>> failed_{};  ///< by who could not be asked
};

/// Throws the errors among the messages, each at its place, and returns the rest.
std::vector<Message> throw_errors(std::vector<Message> messages) {
  if (has_error(messages)) throw Error(Exit::system, std::move(messages));
  return messages;
}

void add_at(std::vector<Message>& to, std::vector<Message> messages, const Place& place) {
  for (Message& message : messages) {
    message.place = place;
    to.push_back(std::move(message));
  }
}

}  // namespace

bool is_on_another_host(const std::string& uri) {
  const bool alias = !uri.empty() && uri.find("://") == uri.npos;
  return is_remote(alias ? Connection::open(uri, Access::read).uri() : uri);
}

void require_this_host(const Arguments& arguments) {
  if (!arguments.has("check-host")) return;
  for (const std::string& uri : arguments.texts("connect"))
    if (is_on_another_host(uri))
      throw Error(Exit::usage, "--check-host looks at this host, and " + uri + " is another one",
                  "run it there, or leave --check-host out");
}

void check_host(const Arguments& arguments, const std::vector<Interface>& asked) {
  if (!arguments.has("check-host")) return;
  HostCheck check(arguments);
  std::vector<Message> messages;
  for (const Interface& interface : asked) {
    const Setting* source = interface.find("source");
    if (source != nullptr)
      add_at(messages, check(interface.get("type"), source->value, interface.find("vlan.tag") != nullptr),
             source->place);
  }
  messages = throw_errors(std::move(messages));
  if (!arguments.has("quiet")) tell(messages, message_style(arguments.text("error-format")));
}

void require_sources(const Arguments& arguments, const std::string& uri, const GuestPlan& plan) {
  const bool elsewhere = is_remote(uri) || uri.starts_with("test:") || uri.find('?') != uri.npos;
  if (!arguments.has("replug") || !plan.live || elsewhere) return;
  HostCheck check(arguments);
  for (const Change& change : plan.live->plan.changes) {
    const std::string type = type_of(change.interface);
    if (change.kind != Change::Kind::changed || type == "network") continue;
    std::vector<Message> messages = check(type, source_of(change.interface));
    // Whoever cannot be asked may have it.
    std::erase_if(messages, [](const Message& message) { return message.id != "no-source"; });
    for (Message& message : messages) message.text = plan.guest.name + " stays as it is: " + message.text;
    throw_errors(std::move(messages));
  }
}

void check_template(const Arguments& arguments, const std::vector<Interface>& asked) {
  require_this_host(arguments);
  if (arguments.has("check-host")) return check_host(arguments, asked);
  if (!arguments.has("connect")) return;
  HostCheck check(arguments);
  std::vector<Message> messages;
  for (const Interface& interface : asked)
    if (const Setting* source = interface.find("source");
        source != nullptr && interface.get("type") == "network")
      add_at(messages, check("network", source->value), source->place);
  throw_errors(std::move(messages));
}

Planner checked_on_host(const Arguments& arguments, Planner planner) {
  if (!arguments.has("check-host")) return planner;
  return [check = std::make_shared<HostCheck>(arguments), planner = std::move(planner)](
             const Document& document, const Plan* first) {
    Plan plan = planner(document, first);
    std::vector<Message> messages;
    for (const Change& change : plan.changes)
      if (change.kind != Change::Kind::removed)
        add_at(messages,
               (*check)(type_of(change.interface), source_of(change.interface),
                        change.interface.child("vlan") != nullptr),
               Place{.file = document.file});
    messages = throw_errors(std::move(messages));
    plan.warnings.insert(plan.warnings.end(), messages.begin(), messages.end());
    return plan;
  };
}

}  // namespace virt_iface
