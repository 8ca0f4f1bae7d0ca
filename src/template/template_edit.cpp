// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/template_edit.hpp"

#include <utility>

namespace virt_iface {

namespace {

bool is_same(const Place& a, const Place& b) {
  return a.line == b.line && (a.by_line || a.column == b.column);
}

}  // namespace

std::vector<TemplateEntry> entries_of(const Spec& spec, std::span<const Update> updates) {
  const std::vector<Interface> all = wanted(spec, "", false);
  const std::size_t networks = spec.networks ? spec.networks->size() : 0;
  std::vector<TemplateEntry> entries;
  auto update = updates.begin();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (entries.empty() || !is_same(entries.back().place, all[i].place)) {
      if (!entries.empty() && entries.back().updates.empty()) entries.pop_back();
      entries.push_back({.place = all[i].place, .first = i, .is_network = i < networks});
    }
    entries.back().names.emplace_back(all[i].get("source"));
    if (update == updates.end() || update->position != i) continue;
    entries.back().updates.push_back({i - entries.back().first, update->after});
    ++update;
  }
  if (!entries.empty() && entries.back().updates.empty()) entries.pop_back();
  return entries;
}

std::vector<std::string> other_names(const TemplateEntry& entry) {
  std::vector<std::string> names;
  auto update = entry.updates.begin();
  for (std::size_t i = 0; i < entry.names.size(); ++i) {
    if (update != entry.updates.end() && update->position == i) {
      ++update;
    } else {
      names.push_back(entry.names[i]);
    }
  }
  return names;
}

std::vector<Interface> interfaces_of(std::span<const Update> updates) {
  std::vector<Interface> out;
  out.reserve(updates.size());
  for (const Update& update : updates)
    if (update.after) out.push_back(*update.after);
  return out;
}

}  // namespace virt_iface
