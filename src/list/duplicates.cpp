// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/duplicates.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "table/mac.hpp"
#include "table/values.hpp"
#include "xml/document.hpp"

namespace virt_iface {
namespace {

constexpr std::array<std::string_view, 3> unique_keys{"mac", "target.dev",
                                                      "virtualport.parameters.interfaceid"};

bool is_one_guest(const Record& a, const Record& b) {
  return identity_of(a.domain, a.uuid, a.file) == identity_of(b.domain, b.uuid, b.file);
}

bool are_a_team(const Record& a, const Record& b) {
  return is_one_guest(a, b) && a.keys.find("teaming.type") != nullptr &&
         b.keys.find("teaming.type") != nullptr;
}

/// Whether it shares the value with one of the others.
bool is_shared(const Record& record, const std::vector<const Record*>& same, std::string_view key) {
  return std::ranges::any_of(same, [&](const Record* other) { return must_differ(record, *other, key); });
}

}  // namespace

bool must_differ(const Record& a, const Record& b, std::string_view key) {
  if (key == "target.dev" && a.uri != b.uri) return false;
  if (a.position == b.position && is_one_guest(a, b)) return false;
  return !(key == "mac" && are_a_team(a, b));
}

std::vector<Record> duplicates_among(const std::vector<Record>& records) {
  std::map<std::pair<std::string_view, std::string>, std::vector<const Record*>> by_value;
  for (const Record& record : records)
    for (const std::string_view key : unique_keys) {
      const std::string_view value = record.keys.get(key);
      const bool nobodys = value.empty() || (key == "mac" && !Mac::parse(value)) ||
                           (key == "target.dev" && is_automatic_target(value));
      if (!nobodys) by_value[{key, normalised(key, value)}].push_back(&record);
    }
  std::set<const Record*> taken;
  std::vector<const Record*> found;
  for (const auto& [key, same] : by_value)
    for (const Record* record : same)
      if (is_shared(*record, same, key.first) && taken.insert(record).second) found.push_back(record);
  std::vector<Record> out;
  out.reserve(found.size());
  for (const Record* record : found) out.push_back(*record);
  return out;
}

}  // namespace virt_iface
