// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/condition_map.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "base/pattern.hpp"
#include "base/text.hpp"
#include "table/keys.hpp"

namespace virt_iface::hook {
namespace {

constexpr std::string_view of_map = "map.";

class MapReader {
 public:
  MapReader(const Conf& conf, const Section& section) : conf_(conf), section_(section) {
    map_.heading = section.name;
    map_.place = conf.place(section.begin);
  }

  ConditionMap read() {
    for (const Entry& entry : section_.entries) take(entry);
    if (map_.where.any_of.empty() && faults_.empty())
      fault(section_.begin, '[' + section_.name + "] without where",
            "say which interfaces are meant: where = source=nicA, for example");
    if (map_.settings.empty() && faults_.empty())
      fault(section_.begin, '[' + section_.name + "] changes nothing", "add source = NAME, or another key");
    if (states("type") && !states("source") && faults_.empty())
      fault(section_.begin, '[' + section_.name + "] has a type and no source",
            "another type has another source: add source = NAME");
    return std::move(map_);
  }

  std::vector<Message>& faults() { return faults_; }

 private:
  void fault(std::size_t offset, std::string text, std::string hint) {
    faults_.push_back({Severity::error, conf_.place(offset), std::move(text), std::move(hint)});
  }

  bool states(std::string_view key) const {
    return std::ranges::find(map_.settings, key, &Setting::key) != map_.settings.end();
  }

  void take(const Entry& entry) {
    std::string const value = entry.has_comma ? join(entry.items, ",") : entry.value;
    try {
      if (entry.key == "where")
        map_.where = conditions(entry, value);
      else
        set(entry, value);
    } catch (const Error& error) {
      for (const Message& message : error.messages()) fault(entry.key_begin, message.text, message.hint);
    }
  }

  /// Sources are named exactly, as in [retarget]: a pattern moves guests that nobody meant.
  static Selector conditions(const Entry& entry, const std::string& value) {
    Selector where = parse_where({value});
    for (const Condition& condition : where.any_of.front())
      if (condition.key == "source" && is_pattern(condition.value))
        throw Error(Exit::invalid, "'" + condition.value + "' in " + entry.key + " is no name of a source",
                    "write one [map.N] for each source, by its exact name");
    return where;
  }

  void set(const Entry& entry, const std::string& value) {
    const Key* key = find_key(entry.key);
    if (key && entry.has_comma && (!takes_list(*key) || key->name == "source"))
      throw Error(Exit::invalid, entry.key + " takes one value here, not a list", "keep one of them");
    map_.words.push_back(entry.key + '=' + value);
    for (Setting& setting : parse_settings({map_.words.back()})) {
      const Key* row = find_key(setting.key);
      if (row && row->means(meaning::guest))
        throw Error(Exit::invalid, entry.key + " is what the guest sees, and cannot change on the way",
                    "libvirt's ABI check would refuse the guest");
      if (states(setting.key))
        throw Error(Exit::invalid, "'" + setting.key + "' is stated twice", "keep one of the two");
      setting.place = conf_.place(entry.key_begin);
      map_.settings.push_back(std::move(setting));
    }
  }

  const Conf& conf_;
  const Section& section_;
  ConditionMap map_{};
  std::vector<Message> faults_{};
};

}  // namespace

ConditionMaps read_condition_maps(const Conf& conf) {
  ConditionMaps read;
  std::map<std::uint64_t, ConditionMap> by_number;
  for (const Section& section : conf.sections) {
    if (!section.name.starts_with(of_map)) continue;
    MapReader reader(conf, section);
    ConditionMap map = reader.read();
    std::ranges::move(reader.faults(), std::back_inserter(read.faults));
    auto const number = to_number(std::string_view(section.name).substr(of_map.size()));
    if (number && by_number.try_emplace(*number, std::move(map)).second) continue;
    read.faults.push_back({Severity::error, conf.place(section.begin),
                           number ? "a second [map." + std::to_string(*number) + ']'
                                  : "a map needs a number, not '" + section.name.substr(of_map.size()) + "'",
                           "write [map.1], each with a number of its own"});
  }
  for (auto& [number, map] : by_number) read.maps.push_back(std::move(map));
  return read;
}

}  // namespace virt_iface::hook
