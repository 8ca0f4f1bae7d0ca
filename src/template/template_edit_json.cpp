// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <memory>
#include <utility>

#include "spec/interface_json.hpp"
#include "template/json_edit.hpp"
#include "template/template_edit.hpp"
#include "template/template_json.hpp"

namespace virt_iface {

namespace {

using Json = nlohmann::ordered_json;

class JsonEditor : public TemplateEditor {
 public:
  JsonEditor(const TemplateFile& from, const Spec& spec)
      : json_(parse_json(from.text, from.file)),
        spec_(spec),
        form_(virt_iface::form_of(json_)),
        networks_(network_names(spec)) {}

  bool has_networks_list() const override { return form_ == Form::proposal2; }

  std::string set_networks(const std::vector<std::string>& names) const override {
    const JsonNode* list = json_.root.find("networks");
    if (list == nullptr) return with_member(json_, "networks", names);
    if (names.size() == list->children.size() + 1) return with_item(json_, *list, names.back());
    return with_node(json_, *list, names);
  }

  std::string append(const Interface& interface) const override {
    const char* member = form_ == Form::proposal1 ? "networks" : "interfaces";
    const Json object = interface_json(interface, form_);
    if (const JsonNode* list = json_.root.find(member)) return with_item(json_, *list, object);
    return with_member(json_, member, Json::array({object}));
  }

  std::string remove(std::size_t position) const override {
    const Owner owner = owner_of(position);
    if (owner.names.size() == 1) return without_item(json_, *owner.list, owner.item);
    std::vector<std::string> names = owner.names;
    names.erase(names.begin() + std::ptrdiff_t(owner.ordinal));
    Json object = Json::parse(text_of(owner.node()));
    object[spelling_in(object, "source")] = names;
    return with_node(json_, owner.node(), object);
  }

  std::optional<std::string> change(std::size_t position, const Interface& after) const override {
    const Owner owner = owner_of(position);
    if (owner.names.size() > 1) return std::nullopt;
    if (position < networks_.size()) {
      if (!is_only_a_network(after)) return std::nullopt;
      return with_node(json_, owner.node(), std::string(after.get("source")));
    }
    const Interface& before = spec_.interfaces.at(position - networks_.size());
    Json object = Json::parse(text_of(owner.node()));
    for (const Setting& setting : before.settings) {
      const std::string key = spelling_in(object, setting.key);
      if (after.find(setting.key) != nullptr) continue;
      if (setting.key == "mode" && form_ == Form::proposal1) {
        object[key] = "NA";
      } else {
        object.erase(key);
      }
    }
    for (const Setting& setting : after.settings) {
      if (before.get(setting.key) == setting.value) continue;
      object[spelling_in(object, setting.key)] = setting_json(setting);
    }
    return with_node(json_, owner.node(), object);
  }

 private:
  /// The item of a list that an interface comes from, and its place in that item's list of names.
  struct Owner {
    const JsonNode* list = nullptr;
    std::size_t item = 0;
    std::size_t ordinal = 0;
    std::vector<std::string> names{};

    const JsonNode& node() const { return list->children.at(item); }
  };

  Owner owner_of(std::size_t position) const {
    const std::vector<Interface> all = wanted(spec_, "", false);
    const auto same_place = [&](const Place& place) {
      return place.line == all.at(position).place.line && place.column == all.at(position).place.column;
    };
    Owner out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (!same_place(all[i].place)) continue;
      if (i < position) ++out.ordinal;
      out.names.emplace_back(all[i].get("source"));
    }
    for (const char* member : {"networks", "interfaces"}) {
      const JsonNode* list = json_.root.find(member);
      for (std::size_t i = 0; list != nullptr && i < list->children.size(); ++i) {
        if (!same_place(json_.place(list->children[i]))) continue;
        out.list = list;
        out.item = i;
      }
    }
    return out;
  }

  std::string text_of(const JsonNode& node) const {
    return json_.text.substr(node.begin, node.end - node.begin);
  }

  /// The member of an object that says this key, in whatever spelling; else how it would be written.
  std::string spelling_in(const Json& object, const std::string& key) const {
    for (const auto& [name, value] : object.items()) {
      const Key* row = find_key(name);
      if (row != nullptr && canonical_key(*row, name) == key) return name;
    }
    return key == "source" && form_ == Form::proposal2 ? "name" : key;
  }

  JsonText json_;
  const Spec& spec_;
  Form form_;
  std::vector<std::string> networks_;
};

}  // namespace

std::unique_ptr<TemplateEditor> edit_json(const TemplateFile& from, const Spec& spec) {
  return std::make_unique<JsonEditor>(from, spec);
}

}  // namespace virt_iface
