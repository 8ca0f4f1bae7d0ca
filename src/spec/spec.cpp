// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/spec.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "spec/builder.hpp"
#include "spec/sections.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

Written from_mail(Written written) {
  if (written.key == "interface") written.key = "source";
  if (written.key == "type") written.value = type_of_mail(written.value);
  return written;
}

class SpecReader {
 public:
  SpecReader(const Conf& conf, const SpecRules& rules) : conf_(conf), rules_(rules) {}

  Spec read() {
    for (const Section& section : conf_.sections) read_section(section);
    for (auto& [number, interfaces] : by_number_)
      std::ranges::move(interfaces, std::back_inserter(spec_.interfaces));
    spec_.implies_default = spec_.has_main && names_no_network(spec_);
    gather(check_distinct(spec_.interfaces));
    throw_if_wrong(std::move(messages_));
    return std::move(spec_);
  }

 private:
  void fault(std::size_t offset, std::string text, std::string hint = {}) {
    messages_.push_back({Severity::error, conf_.place(offset), std::move(text), std::move(hint)});
  }

  void gather(const std::vector<Message>& more) {
    messages_.insert(messages_.end(), more.begin(), more.end());
  }

  void read_section(const Section& section) {
    const SectionMeaning meaning = meaning_of(section.name, rules_.other_sections);
    switch (meaning.kind) {
      case SectionKind::main:
        return read_main(section);
      case SectionKind::heading:
        return read_heading(section);
      case SectionKind::interface:
        return read_interface(section, meaning.number);
      case SectionKind::retarget:
        return read_retarget(section);
      case SectionKind::other:
        return;
      case SectionKind::unknown:
        break;
    }
    fault(section.begin, "unknown section [" + section.name + "]", meaning.hint);
  }

  void read_main(const Section& section) {
    spec_.has_main = true;
    constexpr std::string_view ours[] = {"networks", "name"};
    for (const Entry& entry : section.entries) {
      if (entry.key == "networks") {
        read_networks(entry);
      } else if (entry.key == "name") {
        spec_.name = entry.value;
      } else if (!nearest(entry.key, ours).empty()) {
        fault(entry.key_begin, "unknown key '" + entry.key + "' in [main]", did_you_mean(entry.key, ours));
      }
    }
  }

  void read_networks(const Entry& entry) {
    spec_.networks.emplace();
    for (const std::string& name : entry.items) {
      if (name.empty()) {
        fault(entry.value_begin, "an empty name in the list of networks", "remove it");
        continue;
      }
      Interface network;
      network.place = conf_.place(entry.value_begin);
      network.set("type", "network", network.place);
      network.set("source", name, network.place);
      gather(check(network, nullptr));
      spec_.networks->push_back(std::move(network));
    }
  }

  void read_heading(const Section& section) {
    for (const Entry& entry : section.entries) {
      fault(entry.key_begin, "key '" + entry.key + "' is directly in [interfaces]",
            "put it under a heading of its own such as [interfaces.0]");
    }
  }

  Written written(const Entry& entry) const {
    Written out{entry.key,
                entry.value,
                entry.items,
                entry.has_comma,
                conf_.place(entry.key_begin),
                conf_.place(entry.value_begin)};
    if (entry.has_comma) out.value = join(entry.items, ",");
    return out;
  }

  void read_interface(const Section& section, std::uint64_t number) {
    const auto [heading, added] = headings_.try_emplace(number, section.begin);
    if (!added) {
      const std::string line = std::to_string(conf_.place(heading->second).line);
      fault(section.begin,
            "interface " + std::to_string(number) + " stands here twice, first in line " + line,
            "give it a number of its own");
    }
    InterfaceBuilder builder(conf_.place(section.begin), rules_.may_be_there);
    for (const Entry& entry : section.entries) builder.add(in_our_words(entry));
    if (section.entries.empty()) return;  // as the proposal's own example, whose keys are comments
    by_number_[number] = builder.build();
    gather(builder.messages());
  }

  Written in_our_words(const Entry& entry) const {
    return rules_.dialect == Dialect::mail1 ? from_mail(written(entry)) : written(entry);
  }

  void read_retarget(const Section& section) {
    spec_.has_retarget = true;
    SourceMaps read = read_maps(conf_, section);
    std::ranges::move(read.maps, std::back_inserter(spec_.retarget));
    gather(read.faults);
  }

  const Conf& conf_;
  const SpecRules& rules_;
  Spec spec_;
  std::map<std::uint64_t, std::vector<Interface>> by_number_;
  std::map<std::uint64_t, std::size_t> headings_;
  std::vector<Message> messages_;
};

}  // namespace

std::string type_of_mail(std::string_view word) {
  return std::string(word == "bridge" ? "ovs" : word);
}

Spec read_spec(const Conf& conf, const SpecRules& rules) {
  return SpecReader(conf, rules).read();
}

Interface default_network() {
  Interface out;
  out.set("type", "network");
  out.set("source", "default");
  return out;
}

void SourceMaps::add(SourceMap map) {
  if (sources_.insert({map.from_type, map.from}).second)
    maps.push_back(std::move(map));
  else
    faults.push_back(
        {Severity::error, map.place, "a second map from '" + map_from(map) + "'", "keep one of the two"});
}

void SourceMaps::add(std::string_view from, std::string_view to, const Place& place) {
  try {
    add(make_map(from, to, place));
  } catch (const Error& error) {
    std::ranges::copy(error.messages(), std::back_inserter(faults));
  }
}

SourceMaps read_maps(const Conf& conf, const Section& section) {
  SourceMaps out;
  for (const Entry& entry : section.entries) {
    const Place place = conf.place(entry.key_begin);
    if (entry.has_comma)
      out.faults.push_back({Severity::error, place, "a map to several names", "write one of them"});
    else
      out.add(entry.key, entry.value, place);
  }
  return out;
}

bool names_no_network(const Spec& spec) {
  const auto is_network = [](const Interface& interface) { return interface.get("type") == "network"; };
  return !spec.networks && std::ranges::none_of(spec.interfaces, is_network);
}

std::vector<Interface> wanted(const Spec& spec, std::string_view arch, bool imply_default) {
  std::vector<Interface> out;
  if (spec.networks) out = *spec.networks;
  if (imply_default && spec.implies_default && !is_s390(arch)) out.push_back(default_network());
  std::ranges::copy(spec.interfaces, std::back_inserter(out));
  return out;
}

std::vector<Message> implied_network(const Spec& spec, std::string_view arch) {
  if (!spec.implies_default || is_s390(arch)) return {};
  return {{.severity = Severity::note,
           .text = "[main] without networks asks for network default",
           .hint = "write networks = for none"}};
}

}  // namespace virt_iface
