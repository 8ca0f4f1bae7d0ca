// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <iterator>
#include <map>
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
        layout_(layout_of(json_)),
        items_(items_of(json_)),
        spec_(spec),
        form_(virt_iface::form_of(json_)),
        networks_(network_names(spec).size()) {}

  bool has_networks_list() const override { return form_ == Form::proposal2; }

  EditList add_networks(const std::vector<std::string>& names) const override {
    const JsonNode* list = json_.root.find("networks");
    return {list == nullptr ? add_member(json_, layout_, "networks", names)
                            : add_items(json_, layout_, *list, names)};
  }

  EditList append(std::span<const Interface> interfaces) const override {
    if (interfaces.empty()) return {};
    const char* member = form_ == Form::proposal1 ? "networks" : "interfaces";
    Json objects = Json::array();
    for (const Interface& interface : interfaces) objects.push_back(interface_json(interface, form_));
    const JsonNode* list = json_.root.find(member);
    return {list == nullptr ? add_member(json_, layout_, member, objects)
                            : add_items(json_, layout_, *list, objects)};
  }

  Rewritten rewrite(std::span<const Update> updates) const override {
    Rewritten out;
    std::map<const JsonNode*, std::vector<std::size_t>> removed;  // of each list
    for (const TemplateEntry& entry : entries_of(spec_, updates)) {
      const Item item = items_.at({entry.place.line, entry.place.column});
      const std::optional<Interface>& after = entry.updates.front().after;
      const bool is_all = entry.updates.size() == entry.names.size();
      if (!is_all) out.edits.push_back(set_names(item.node(), other_names(entry)));
      if (is_all && after && (!entry.is_network || is_only_a_network(*after))) {
        // All of a list: the first keeps the entry.
        out.edits.push_back(change(item.node(), entry));
        std::ranges::move(interfaces_of(std::span(entry.updates).subspan(1)),
                          std::back_inserter(out.taken_out));
        continue;
      }
      if (is_all) removed[item.list].push_back(item.index);
      std::ranges::move(interfaces_of(entry.updates), std::back_inserter(out.taken_out));
    }
    for (auto& [list, indices] : removed) {
      std::ranges::sort(indices);
      std::ranges::move(remove_items(*list, indices), std::back_inserter(out.edits));
    }
    return out;
  }

 private:
  /// The item of a list that says interfaces.
  struct Item {
    const JsonNode* list = nullptr;
    std::size_t index = 0;

    const JsonNode& node() const { return list->children.at(index); }
  };

  using ItemByPlace = std::map<std::pair<std::size_t, std::size_t>, Item>;

  static ItemByPlace items_of(const JsonText& json) {
    ItemByPlace items;
    for (const char* member : {"networks", "interfaces"}) {
      const JsonNode* list = json.root.find(member);
      for (std::size_t i = 0; list != nullptr && i < list->children.size(); ++i) {
        const Place place = json.place(list->children[i]);
        items[{place.line, place.column}] = {list, i};
      }
    }
    return items;
  }

  Edit set_names(const JsonNode& node, const std::vector<std::string>& names) const {
    Json object = Json::parse(text_of(node));
    object[spelling_in(object, "source")] = names;
    return set_node(json_, layout_, node, object);
  }

  /// An entry's only interface, or the first one of its list where that is all that stays.
  Edit change(const JsonNode& node, const TemplateEntry& entry) const {
    const Interface& after = *entry.updates.front().after;
    if (entry.is_network) return set_node(json_, layout_, node, std::string(after.get("source")));
    const Interface& before = spec_.interfaces.at(entry.first - networks_);
    Json object = Json::parse(text_of(node));
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
      const bool of_list = setting.key == "source" && entry.names.size() > 1;
      if (before.get(setting.key) == setting.value && !of_list) continue;
      object[spelling_in(object, setting.key)] = setting_json(setting);
    }
    return set_node(json_, layout_, node, object);
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
  JsonLayout layout_;
  ItemByPlace items_;
  const Spec& spec_;
  Form form_;
  std::size_t networks_;
};

}  // namespace

std::unique_ptr<TemplateEditor> edit_json(const TemplateFile& from, const Spec& spec) {
  return std::make_unique<JsonEditor>(from, spec);
}

}  // namespace virt_iface
