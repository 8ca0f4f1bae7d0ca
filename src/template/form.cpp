// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/form.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace virt_iface {

namespace {

constexpr std::string_view first_keys[] = {"type", "source", "mode", "model", "mac"};

}  // namespace

bool is_only_a_network(const Interface& interface) {
  if (interface.get("type") != "network") return false;
  const auto expected = [](const Setting& setting) {
    return setting.key == "type" || setting.key == "source";
  };
  return std::ranges::all_of(interface.settings, expected);
}

Spec with_listed_networks(Spec spec) {
  const auto begin = spec.interfaces.begin();
  const auto rest = std::stable_partition(begin, spec.interfaces.end(), is_only_a_network);
  if (rest == begin) return spec;
  if (!spec.networks) spec.networks.emplace();
  std::move(begin, rest, std::back_inserter(*spec.networks));
  spec.interfaces.erase(begin, rest);
  return spec;
}

Arranged arrange(const Spec& spec, Form form) {
  std::vector<Interface> all = spec.networks.value_or(std::vector<Interface>{});
  Arranged out;
  out.implies_default = spec.implies_default && names_no_network(spec);
  if (spec.implies_default && !out.implies_default) all.push_back(default_network());  // one was added to it
  std::ranges::copy(spec.interfaces, std::back_inserter(all));
  if (form == Form::proposal1) {
    out.interfaces = std::move(all);
    return out;
  }
  const auto rest = std::ranges::find_if_not(all, is_only_a_network);
  std::vector<std::string> names;
  for (auto network = all.begin(); network != rest; ++network) names.emplace_back(network->get("source"));
  if (!out.implies_default && (spec.has_main || !names.empty())) out.networks = std::move(names);
  out.interfaces.assign(rest, all.end());
  return out;
}

std::vector<Setting> as_written(const Interface& interface, Form form) {
  std::vector<Setting> out;
  for (const std::string_view key : first_keys) {
    if (const Setting* setting = interface.find(key)) out.push_back(*setting);
    if (key == "source" && !out.empty() && form == Form::proposal2 && out.back().key == key)
      out.back().key = "name";
    if (key == "mode" && form == Form::proposal1 && interface.find(key) == nullptr) {
      out.push_back({"mode", "NA", interface.place});
    }
  }
  for (const Setting& setting : interface.settings) {
    if (std::ranges::find(first_keys, setting.key) == std::end(first_keys)) out.push_back(setting);
  }
  return out;
}

}  // namespace virt_iface
