// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/json_interface.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "spec/builder.hpp"
#include "table/values.hpp"

namespace virt_iface {
namespace {

using Members = std::vector<JsonNode>;

constexpr std::string_view known_to_listings[] = {"file",         "uri",    "domain", "uuid", "position",
                                                  "libvirt_type", "target", "alias",  "ips"};
constexpr std::string_view sources_of_proposal[] = {"interface", "network", "bridge"};

const JsonNode* find(const Members& members, std::string_view key) {
  const auto found = std::ranges::find(members, key, &JsonNode::key);
  return found == members.end() ? nullptr : &*found;
}

std::string type_in(const Members& members) {
  const JsonNode* type = find(members, "type");
  return type == nullptr ? std::string() : normalised("type", type->text);
}

/// The member under another key.
JsonNode called(JsonNode node, std::string key) {
  node.key = std::move(key);
  return node;
}

JsonNode type_at(const JsonNode& node, std::string word) {
  JsonNode type = called(node, "type");
  type.kind = JsonKind::string;
  type.text = std::move(word);
  return type;
}

void remove(Members& members, std::string_view key) {
  std::erase_if(members, [=](const JsonNode& member) { return member.key == key; });
}

bool say_the_same(const JsonNode& a, const JsonNode& b) {
  return normalised(a.key, a.text) == normalised(b.key, b.text) &&
         std::ranges::equal(a.children, b.children, {}, &JsonNode::text, &JsonNode::text);
}

/// `interface` {type, name, mode}; what stands beside it, too, need not stand within.
void flatten_interface(Members& members) {
  JsonNode const object = *find(members, "interface");
  if (object.kind != JsonKind::object) return;
  remove(members, "interface");
  for (const JsonNode& member : object.children) {
    const JsonNode* outer = find(members, member.key);
    if (!is_null(member) && (outer == nullptr || !say_the_same(*outer, member))) members.push_back(member);
  }
}

/// `network` or `bridge`, which says the type too. What contradicts a type beside it stays, for the builder
/// to refuse.
void flatten_name(Members& members, const std::string& key) {
  JsonNode const name = *find(members, key);
  std::string const type = type_in(members);
  bool const fits = type == key || (key == "bridge" && type == "ovs");
  if (!type.empty() && !fits) return;
  remove(members, key);
  if (type.empty()) members.push_back(type_at(name, key));
  members.push_back(called(name, "source"));
}

/// The members in our words.
Members in_our_words(const JsonNode& object) {
  Members members;
  std::ranges::copy_if(object.children, std::back_inserter(members), [](const JsonNode& member) {
    return !is_null(member) && find_seen(member.key) == nullptr &&
           std::ranges::find(known_to_listings, member.key) == std::end(known_to_listings);
  });
  if (find(members, "source") != nullptr) {
    for (const std::string_view key : sources_of_proposal) remove(members, key);
    return members;
  }
  if (type_in(members) == "network" && find(members, "network") != nullptr)
    remove(members, "interface");  // what the network is on
  bool const interface = find(members, "interface") != nullptr;
  if (interface) flatten_interface(members);
  bool const network =
      find(members, "network") != nullptr && (type_in(members).empty() || type_in(members) == "network");
  if (interface || network) remove(members, "bridge");  // what the network or the interface is on
  if (find(members, "name") != nullptr) return members;
  for (const char* key : {"network", "bridge"})
    if (find(members, key) != nullptr) flatten_name(members, key);
  return members;
}

/// The proposal's first mail and its first reply call the source `interface`, and Open vSwitch bridge.
Members from_mail(Members members) {
  for (JsonNode& member : members) {
    if (member.key == "interface") member.key = "source";
    if (member.key == "type") member.text = type_of_mail(member.text);
  }
  return members;
}

/// Hands members to a builder.
class Reader {
 public:
  Reader(const JsonText& json, const JsonNode& object) : json_(json), builder_(json.place(object)) {}

  JsonInterfaces read(const Members& members, bool checked) {
    for (const JsonNode& member : members)
      if (auto written = as_read(member)) builder_.add(*written);
    JsonInterfaces out{.interfaces = builder_.build(checked), .messages = std::move(messages_)};
    std::ranges::copy(builder_.messages(), std::back_inserter(out.messages));
    return out;
  }

 private:
  void fault(const JsonNode& node, std::string text, std::string hint = {}) {
    messages_.push_back({Severity::error, json_.place(node), std::move(text), std::move(hint)});
  }

  /// A member as a key with its value: text, number or a list of them.
  std::optional<Written> as_read(const JsonNode& member) {
    Written out{member.key,         {}, {}, member.kind == JsonKind::array, json_.key_place(member),
                json_.place(member)};
    const std::vector<JsonNode> single{member};
    for (const JsonNode& item : out.is_list ? member.children : single) {
      if (item.kind == JsonKind::object || item.kind == JsonKind::array) {
        const bool deeper = item.kind == JsonKind::object && !item.children.empty();
        fault(item, member.key + " must be a text, a number or a list of them",
              deeper ? "write " + member.key + '.' + item.children.front().key : std::string());
        return std::nullopt;
      }
      if (out.is_list && item.kind == JsonKind::literal) {
        fault(item, item.text + " in the list of " + member.key, "write texts or numbers");
        continue;
      }
      if (out.is_list || !item.text.empty()) out.items.push_back(item.text);
    }
    out.value = join(out.items, ",");
    return out;
  }

  const JsonText& json_;
  InterfaceBuilder builder_;
  std::vector<Message> messages_;
};

}  // namespace

bool says_an_interface(const JsonNode& member) {
  return member.key != "name" && !is_null(member) &&
         (member.key.find('.') != std::string::npos || find_key(member.key) != nullptr ||
          !family_of(member.key).empty() ||
          std::ranges::find(sources_of_proposal, member.key) != std::end(sources_of_proposal));
}

JsonInterfaces read_template_item(const JsonText& json, const JsonNode& object, Dialect dialect) {
  Members members;
  std::ranges::remove_copy_if(object.children, std::back_inserter(members), is_null);
  if (dialect == Dialect::mail1) members = from_mail(std::move(members));
  return Reader(json, object).read(members, true);
}

JsonInterfaces read_one_interface(const JsonText& json, const JsonNode& object, Dialect dialect) {
  JsonNode in_words = object;
  if (dialect == Dialect::mail1) in_words.children = from_mail(std::move(in_words.children));
  return Reader(json, object).read(in_our_words(in_words), true);
}

JsonInterfaces read_list_entry(const JsonText& json, const JsonNode& object) {
  Members const members = in_our_words(object);
  JsonInterfaces out = Reader(json, object).read(members, false);
  if (find(members, "type") == nullptr)
    out.messages.push_back(
        {Severity::error, json.place(object), "an interface without a type", "add its type"});
  for (Interface& interface : out.interfaces) {
    interface.listed = true;
    if (object.find("position") != nullptr && interface.find("model") == nullptr)
      interface.set("model", "libvirt", interface.place);
  }
  return out;
}

}  // namespace virt_iface
