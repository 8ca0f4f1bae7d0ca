// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/json_request.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "spec/builder.hpp"
#include "template/json_interface.hpp"
#include "template/template_json.hpp"

namespace virt_iface {
namespace {

std::string text_of(const JsonNode& entry, std::string_view key) {
  const JsonNode* member = entry.find(key);
  return member == nullptr ? std::string() : member->text;
}

/// Whether a listing took both from one domain; what an entry does not say is no difference.
bool is_of_same_domain(const JsonNode& a, const JsonNode& b) {
  return std::ranges::none_of(
      std::initializer_list<std::string_view>{"file", "uri", "domain", "uuid"}, [&](std::string_view key) {
        return a.find(key) != nullptr && b.find(key) != nullptr && text_of(a, key) != text_of(b, key);
      });
}

Message of_several_domains(const JsonText& json, const JsonNode& a, const JsonNode& b) {
  std::string const one = text_of(a, "domain");
  std::string const other = text_of(b, "domain");
  bool const named = !one.empty() && !other.empty() && one != other;
  return {
      Severity::error, json.place(b),
      "the list has interfaces of several domains" + (named ? ", " + one + " and " + other : std::string()),
      "give the list of one of them"};
}

void add(Spec& spec, std::vector<Message>& messages, JsonInterfaces read) {
  std::ranges::move(read.interfaces, std::back_inserter(spec.interfaces));
  std::ranges::move(read.messages, std::back_inserter(messages));
}

Spec read_list(const JsonText& json) {
  Spec spec{.networks = std::vector<Interface>{}};
  std::vector<Message> messages;
  const std::vector<JsonNode>& entries = json.root.children;
  for (const JsonNode& entry : entries) {
    if (entry.kind != JsonKind::object) {
      messages.push_back({Severity::error, json.place(entry), "an entry of the list is no object",
                          "each is an interface as list prints it"});
      continue;
    }
    add(spec, messages, read_list_entry(json, entry));
    if (!is_of_same_domain(entries.front(), entry)) {
      messages.push_back(of_several_domains(json, entries.front(), entry));
      break;
    }
  }
  throw_if_wrong(std::move(messages));
  return spec;
}

Spec read_one(const JsonText& json, Dialect dialect) {
  Spec spec;
  std::vector<Message> messages;
  add(spec, messages, read_one_interface(json, json.root, dialect));
  throw_if_wrong(std::move(messages));
  return spec;
}

bool states(const JsonNode& root, std::string_view key) {
  const JsonNode* member = root.find(key);
  return member != nullptr && !is_null(*member);
}

/// One that says a type or a source as the 2016 proposal does is an interface, whatever stands beside it.
bool is_one(const JsonNode& root) {
  return states(root, "type") || states(root, "interface") || states(root, "network");
}

}  // namespace

bool is_template(const JsonText& json) {
  const JsonNode& root = json.root;
  if (root.kind != JsonKind::object || is_one(root)) return false;
  return states(root, "networks") || states(root, "interfaces") ||
         std::ranges::none_of(root.children, says_an_interface);
}

Spec read_json_request(const JsonText& json, Dialect dialect) {
  if (json.root.kind == JsonKind::array) return read_list(json);
  return is_template(json) ? read_template_json(json, dialect) : read_one(json, dialect);
}

}  // namespace virt_iface
