// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <utility>

#include "base/commas.hpp"
#include "base/text.hpp"
#include "spec/spec.hpp"
#include "table/pci.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// `[TYPE:]NAME[:MODE]`; of a type without a source `TYPE:`.
struct End {
  std::string type{};
  std::string name{};
  std::string mode{};

  bool is_nameless() const {
    const Type* row = find_type(type);
    return row != nullptr && row->source_is == SourceIs::none;
  }
  bool names_something() const { return !name.empty() || is_nameless(); }
};

std::string judged(std::string_view key, std::string_view value) {
  Verdict verdict = judge(*find_key(key), key, value);
  if (!verdict.fault.empty()) throw Error(Exit::invalid, std::move(verdict.fault), std::move(verdict.hint));
  return std::move(verdict.value);
}

/// What a type is called; one that is not made is only left.
std::string type_word(std::string_view word, bool is_left) {
  const Type* row = find_type(word);
  return row != nullptr && !row->made && is_left ? std::string(word) : judged("type", word);
}

End parse_end(std::string_view text, bool is_left) {
  const std::size_t colon = text.find(':');
  End end;
  // A PCI address and a path may have colons of their own.
  if (colon == std::string_view::npos || trim(text).starts_with('/') || !pci_address(trim(text)).empty()) {
    end.name = trim(text);
  } else {
    end.type = type_word(trim(text.substr(0, colon)), is_left);
    end.name = trim(text.substr(colon + 1));
  }
  // No host interface has a colon in its name; a network may.
  if (const std::size_t second = end.name.find(':'); end.type == "macvtap" && second != std::string::npos) {
    end.mode = judged("mode", trim(std::string_view(end.name).substr(second + 1)));
    end.name = trim(std::string_view(end.name).substr(0, second));
  } else if ((end.type == "ovs" || end.type == "bridge") && second != std::string::npos) {
    throw Error(Exit::invalid, "'" + end.name.substr(second) + "' behind a bridge", "only macvtap has modes");
  }
  return end;
}

/// What stands behind the name, parted at commas as in --interface.
std::vector<Setting> keys_of(const std::vector<std::string>& parts) {
  std::vector<std::string> words;
  for (std::size_t i = 1; i < parts.size(); ++i)
    if (i > 1 && parts[i].find('=') == std::string::npos)
      words.back() += ',' + parts[i];
    else
      words.emplace_back(trim(parts[i]));
  std::vector<Setting> keys = parse_settings(words);
  for (const Setting& setting : keys)
    if (setting.key == "type" || setting.key == "source")
      throw Error(Exit::invalid, "'" + setting.key + "' behind the name of a map",
                  "write type and name in front, as ovs:vswitch0");
  return keys;
}

}  // namespace

SourceMap make_map(std::string_view from, std::string_view to, const Place& place) {
  constexpr const char* shape = "write eth0=bond0, or macvtap:eth0=ovs:vswitch0";
  try {
    End left = parse_end(from, true);
    const std::vector<std::string> parts = split_at_commas(to);
    End right = parse_end(parts.empty() ? std::string_view() : std::string_view(parts.front()), false);
    for (const End* end : {&left, &right})
      if (end->is_nameless() && !end->name.empty())
        throw Error(Exit::invalid, "type " + end->type + " has no name", "write " + end->type + ':');
    std::vector<Setting> keys = keys_of(parts);
    const bool by_passt = right.type == "vhostuser" && right.name.empty() &&  // its own, not a socket's
                          std::ranges::any_of(keys, [](const Setting& setting) {
                            return setting.key == "backend.type" && setting.value == "passt";
                          });
    if (!left.names_something() || !(right.names_something() || by_passt))
      throw Error(Exit::invalid, "a map without a name", shape);
    if (left.type != "network" && left.name.find_first_of("*?") != std::string::npos)
      throw Error(Exit::invalid, "'" + left.name + "' is no name of a source: a map takes no patterns",
                  "write one map for each source, by its exact name");
    if (!left.mode.empty()) throw Error(Exit::invalid, "a map from a mode", "remove :" + left.mode);
    return {std::move(left.type),
            std::move(left.name),
            std::move(right.type),
            std::move(right.name),
            std::move(right.mode),
            std::move(keys),
            place};
  } catch (const Error& error) {
    const Message& message = error.messages().front();
    throw Error(Exit::invalid, place, message.text, message.hint);
  }
}

std::string map_from(const SourceMap& map) {
  return map.from_type.empty() ? map.from : map.from_type + ':' + map.from;
}

std::string map_to(const SourceMap& map) {
  std::string text = map.to_type.empty() ? "" : map.to_type + ':';
  for (const char c : map.to) text.append(c == ',' ? 2 : 1, c);
  if (!map.to_mode.empty()) text += ':' + map.to_mode;
  for (const Setting& setting : map.keys) text += ',' + setting.key + '=' + setting.value;
  return text;
}

void typed_first(std::vector<SourceMap>& maps) {
  std::stable_partition(maps.begin(), maps.end(),
                        [](const SourceMap& map) { return !map.from_type.empty(); });
}

SourceMap parse_map(std::string_view text, const std::string& label) {
  Place place = place_in(label, text, 0);
  place.line = 0;
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) {
    throw Error(Exit::invalid, place, "a map without '='", "write eth0=bond0, or macvtap:eth0=ovs:vswitch0");
  }
  return make_map(text.substr(0, equals), text.substr(equals + 1), place);
}

}  // namespace virt_iface
