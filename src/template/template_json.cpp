// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/template_json.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/text.hpp"
#include "spec/builder.hpp"
#include "spec/interface_json.hpp"
#include "template/json_interface.hpp"

namespace virt_iface {

namespace {

constexpr std::string_view our_members[] = {"name", "networks", "interfaces", "retarget"};
/// What a misspelt member may mean: an interface's type too, without which it would be a template.
constexpr std::string_view near_members[] = {"name", "networks", "interfaces", "retarget", "type"};

class JsonReader {
 public:
  JsonReader(const JsonText& json, Dialect dialect) : json_(json), dialect_(dialect) {}

  Spec read() {
    spec_.has_main = true;
    if (json_.root.kind != JsonKind::object) fault(json_.root, "a template must be an object", "write {…}");
    for (const JsonNode& member : json_.root.children)
      if (!is_null(member)) read_member(member);
    spec_.implies_default = names_no_network(spec_);
    gather(check_distinct(spec_.interfaces));
    throw_if_wrong(std::move(messages_));
    return std::move(spec_);
  }

 private:
  void fault(const JsonNode& node, std::string text, std::string hint = {}) {
    messages_.push_back({Severity::error, json_.place(node), std::move(text), std::move(hint)});
  }

  void gather(const std::vector<Message>& more) {
    messages_.insert(messages_.end(), more.begin(), more.end());
  }

  void read_member(const JsonNode& member) {
    if (member.key == "name") return read_name(member);
    if (member.key == "networks") return read_networks(member);
    if (member.key == "interfaces") return read_interfaces(member);
    if (member.key == "retarget") return read_retarget(member);
    const std::string hint = says_an_interface(member) ? "an interface's keys stand in the list interfaces"
                                                       : did_you_mean(member.key, near_members);
    if (hint.empty()) return;
    messages_.push_back(
        {Severity::error, json_.key_place(member), "unknown key '" + member.key + "' in a template", hint});
  }

  void read_name(const JsonNode& member) {
    if (member.kind != JsonKind::string) return fault(member, "a template's name must be a text");
    spec_.name = member.text;
  }

  /// Once `networks` stands there, in either form, nothing is implied.
  void read_networks(const JsonNode& list) {
    if (list.kind != JsonKind::array) return fault(list, "networks must be a list", "write [\"default\"]");
    spec_.networks.emplace();
    for (const JsonNode& item : list.children) read_network(item);
  }

  void read_network(const JsonNode& item) {
    if (item.kind == JsonKind::object) return read_interface(item);
    if (item.kind != JsonKind::string || item.text.empty()) {
      return fault(item, "a network must be a name, or an object with type, source and mode");
    }
    Interface network;
    network.place = json_.place(item);
    network.set("type", "network", network.place);
    network.set("source", item.text, network.place);
    gather(check(network, nullptr));
    spec_.networks->push_back(std::move(network));
  }

  void read_interfaces(const JsonNode& list) {
    if (list.kind != JsonKind::array) {
      return fault(list, "interfaces must be a list of objects with type, name and mode");
    }
    for (const JsonNode& item : list.children) {
      if (item.kind == JsonKind::object) {
        read_interface(item);
      } else {
        fault(item, "an interface must be an object with type, name and mode");
      }
    }
  }

  void read_interface(const JsonNode& object) {
    JsonInterfaces read = read_template_item(json_, object, dialect_);
    std::ranges::move(read.interfaces, std::back_inserter(spec_.interfaces));
    gather(read.messages);
  }

  void read_retarget(const JsonNode& object) {
    spec_.has_retarget = true;
    if (object.kind != JsonKind::object) return fault(object, "retarget must be an object of names");
    SourceMaps read;
    for (const JsonNode& member : object.children) {
      if (member.kind != JsonKind::string) {
        fault(member, "a source is mapped to a name", "write it as a text");
        continue;
      }
      read.add(member.key, member.text, json_.key_place(member));
    }
    spec_.retarget = std::move(read.maps);
    gather(read.faults);
  }

  const JsonText& json_;
  Dialect dialect_;
  Spec spec_;
  std::vector<Message> messages_;
};

nlohmann::ordered_json map_json(const std::vector<SourceMap>& maps) {
  auto out = nlohmann::ordered_json::object();
  for (const SourceMap& map : maps) out[map_from(map)] = map_to(map);
  return out;
}

}  // namespace

Spec read_template_json(const JsonText& json, Dialect dialect) {
  return JsonReader(json, dialect).read();
}

Form form_of(const JsonText& json) {
  const JsonNode* networks = json.root.find("networks");
  if (networks == nullptr) return Form::proposal2;
  const bool objects =
      std::ranges::find(networks->children, JsonKind::object, &JsonNode::kind) != networks->children.end();
  return objects ? Form::proposal1 : Form::proposal2;
}

std::vector<OtherPart> other_parts(const JsonText& json) {
  std::vector<OtherPart> out;
  for (const JsonNode& member : json.root.children) {
    if (std::ranges::find(our_members, member.key) != std::end(our_members)) continue;
    out.push_back({member.key, json.key_place(member)});
  }
  return out;
}

nlohmann::ordered_json interface_json(const Interface& interface, Form form) {
  auto out = nlohmann::ordered_json::object();
  for (const Setting& setting : as_written(interface, form)) out[setting.key] = setting_json(setting);
  return out;
}

std::string write_template_json(const Spec& spec, Form form) {
  const Arranged arranged = arrange(spec, form);
  auto interfaces = nlohmann::ordered_json::array();
  for (const Interface& interface : arranged.interfaces)
    interfaces.push_back(interface_json(interface, form));
  auto out = nlohmann::ordered_json::object();
  // Without `networks` the network default is implied: then the interfaces stand beside it in either form.
  if (!spec.name.empty()) out["name"] = spec.name;
  const bool one_list = form == Form::proposal1 && !arranged.implies_default;
  if (!one_list && !arranged.implies_default)
    out["networks"] = arranged.networks.value_or(std::vector<std::string>{});
  out[one_list ? "networks" : "interfaces"] = interfaces;
  if (!spec.retarget.empty()) out["retarget"] = map_json(spec.retarget);
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

}  // namespace virt_iface
