// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/builder.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "table/short_key.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// What to write in place of a key that other tools have.
std::string foreign_key_hint(std::string_view key, std::string_view value) {
  const std::string name = value.empty() ? "NAME" : std::string(value);
  if (key == "network") return "write type=network and name=" + name;
  if (key == "bridge") return "write type=bridge (or ovs) and name=" + name;
  if (key == "networks" || key == "interfaces")
    return std::string(key == "networks" ? "it stands in [main]" : "each is a section [interfaces.N]") +
           "; in JSON at the top of a template, without type, interface or network beside it";
  if (key == "interface" || key == "dev") return "write name=" + name;
  return suggest_key(key);
}

bool names_a_source(std::string_view key) {
  return key == "network" || key == "interface" || key == "bridge" || key == "dev";
}

bool is_same(const Message& a, const Message& b) {
  return a.text == b.text && a.place.line == b.place.line && a.place.column == b.place.column;
}

}  // namespace

bool has_error(const std::vector<Message>& messages) {
  return std::ranges::find(messages, Severity::error, &Message::severity) != messages.end();
}

void throw_if_wrong(std::vector<Message> messages) {
  if (!has_error(messages)) return;
  std::ranges::stable_sort(messages, {},
                           [](const Message& m) { return std::pair(m.place.line, m.place.column); });
  throw Error(Exit::invalid, std::move(messages));
}

void InterfaceBuilder::fault(const Place& place, std::string text, std::string hint) {
  messages_.push_back({Severity::error, place, std::move(text), std::move(hint)});
}

void InterfaceBuilder::add(const Written& written) {
  const Key* key = find_key(written.key);
  if (key == nullptr && names_a_source(written.key)) return foreign_.push_back(written);
  if (key == nullptr) {
    return fault(written.key_place, "unknown key '" + written.key + "'",
                 foreign_key_hint(written.key, written.value));
  }
  if (key->name == "source") return add_source(written);
  add_value(*key, written);
}

void InterfaceBuilder::add_source(const Written& written) {
  std::vector<std::string> names = written.items;
  if (names.empty()) names.emplace_back();
  if (!sources_.empty() && sources_ != names) {
    return fault(written.key_place, "name and source differ", "keep one of them: they mean the same");
  }
  sources_ = std::move(names);
  source_place_ = written.value_place;
}

void InterfaceBuilder::add_value(const Key& key, const Written& written) {
  const std::string name = canonical_key(key, written.key);
  if (common_.find(name) != nullptr) {
    const std::string as = written.key == name ? "" : " as '" + name + "'";
    return fault(written.key_place, "'" + written.key + "' was stated before" + as, "keep one of the two");
  }
  if (written.is_list && !takes_list(key)) {
    return fault(written.value_place, written.key + " takes one value, not a list",
                 "put quotes around a value with a comma");
  }
  if (name == "mode" && written.value.empty()) return;
  if (is_short(key)) return add_short(key, written);
  common_.set(name, normalised(name, written.value), written.value_place);
}

void InterfaceBuilder::add_short(const Key& key, const Written& written) {
  const Verdict verdict = judge(key, written.key, written.value);
  if (!verdict.fault.empty()) return fault(written.value_place, verdict.fault, verdict.hint);
  for (Setting& part : written_out(key, written.value)) {
    if (common_.find(part.key) != nullptr)
      fault(written.key_place, "'" + part.key + "' was stated before", "keep one of the two");
    common_.set(part.key, std::move(part.value), written.value_place);
  }
}

/// Other tools have a key for a network and one for a direct interface: both are two interfaces.
void InterfaceBuilder::tell_foreign_keys() {
  const std::string_view type = common_.get("type");
  const auto is_network = [](const Written& written) { return written.key == "network"; };
  const bool network = type == "network" || std::ranges::any_of(foreign_, is_network);
  const bool direct = (!type.empty() && type != "network") || !std::ranges::all_of(foreign_, is_network);
  for (const Written& written : foreign_) {
    if (network && direct)
      fault(written.key_place, "a network and a direct interface are asked of one",
            "an interface is on one or the other: ask for two");
    else
      fault(written.key_place, "unknown key '" + written.key + "'",
            foreign_key_hint(written.key, written.value));
  }
}

std::vector<Interface> InterfaceBuilder::build(bool checked) {
  tell_foreign_keys();
  common_.place = place_;
  if (common_.get("type") != "macvtap" && common_.get("mode") == "NA") common_.erase("mode");
  std::vector<Interface> out;
  if (sources_.empty() && checked) gather(check(common_, nullptr));
  if (sources_.empty()) out.push_back(common_);
  for (const std::string& source : sources_) {
    out.push_back(common_);
    out.back().set("source", source, source_place_);
    if (checked) gather(check(out.back(), nullptr));
  }
  return out;
}

void InterfaceBuilder::gather(std::vector<Message> more) {
  for (Message& message : more) {
    if (may_be_there_ && message.id == unless_there) continue;
    const auto same = [&](const Message& known) { return is_same(known, message); };
    if (std::ranges::none_of(messages_, same)) messages_.push_back(std::move(message));
  }
}

}  // namespace virt_iface
