// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/template_conf.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "conf/value.hpp"
#include "spec/sections.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// Whether parse_value gives `written` back as the one item `value`.
bool reads_back(std::string_view written, std::string_view value) {
  const Value read = parse_value(written);
  return !read.fault && !read.has_comma && read.items.size() == 1 && read.items.front() == value;
}

/// The name of a network may hold anything, a `=` or a `[` among it.
std::string quoted_key(const std::string& key) {
  const bool plain = key.find_first_of("=\"'") == std::string::npos && key.find_first_of("[#;") != 0;
  if (plain) return key;
  const char quote = key.find('"') == std::string::npos ? '"' : '\'';
  return quote + key + quote;
}

}  // namespace

std::string quoted_value(std::string_view value) {
  if (value.empty() || reads_back(value, value)) return std::string(value);
  for (const char quote : {'"', '\''}) {
    std::string written(1, quote);
    written.append(value).push_back(quote);
    if (reads_back(written, value)) return written;
  }
  throw Error(Exit::invalid, "'" + std::string(value) + "' cannot be written in a configuration",
              "use a JSON template: the name has both kinds of quotes");
}

std::string written_value(const Setting& setting) {
  const Key* key = find_key(setting.key);
  const bool list = key != nullptr && takes_list(*key) && key->name != "source";
  return list ? shown(setting.key, setting.value) : quoted_value(setting.value);
}

std::string section_lines(const Interface& interface, Form form, std::string_view line_end) {
  std::string out;
  for (const Setting& setting : as_written(interface, form)) {
    out.append(setting.key).append(" = ").append(written_value(setting)).append(line_end);
  }
  return out;
}

Form form_of(const Conf& conf) {
  const auto says_source = [](const Section& section) {
    return meaning_of(section.name, {}).kind == SectionKind::interface &&
           std::ranges::find(section.entries, "source", &Entry::key) != section.entries.end();
  };
  return std::ranges::any_of(conf.sections, says_source) ? Form::proposal1 : Form::proposal2;
}

std::vector<OtherPart> other_parts(const Conf& conf) {
  std::vector<OtherPart> out;
  for (const Section& section : conf.sections) {
    const SectionKind kind = meaning_of(section.name, {}).kind;
    if (kind == SectionKind::other) out.push_back({"[" + section.name + "]", conf.place(section.begin)});
    if (kind != SectionKind::main) continue;
    for (const Entry& entry : section.entries) {
      if (entry.key != "networks" && entry.key != "name")
        out.push_back({entry.key + " of [main]", conf.place(entry.key_begin)});
    }
  }
  return out;
}

std::string write_conf(const Spec& spec, Form form) {
  const Arranged arranged = arrange(spec, form);
  std::string out;
  if (arranged.implies_default || arranged.networks || !spec.name.empty()) out += "[main]\n";
  if (!spec.name.empty()) out += "name = " + quoted_value(spec.name) + "\n";
  if (arranged.networks) {
    std::vector<std::string> names;
    for (const std::string& name : *arranged.networks) names.push_back(quoted_value(name));
    out += names.empty() ? "networks =\n" : "networks = " + join(names, ", ") + "\n";
  }
  if (!arranged.interfaces.empty()) out += out.empty() ? "[interfaces]\n" : "\n[interfaces]\n";
  for (std::size_t i = 0; i < arranged.interfaces.size(); ++i) {
    out += "\n[interfaces." + std::to_string(i) + "]\n" + section_lines(arranged.interfaces[i], form, "\n");
  }
  if (out.empty() && spec.networks) out = "[main]\nnetworks =\n";  // nothing, which is meant
  if (spec.retarget.empty()) return out;
  out += out.empty() ? "[retarget]\n" : "\n[retarget]\n";
  for (const SourceMap& map : spec.retarget) {
    out += quoted_key(map_from(map)) + " = " + quoted_value(map_to(map)) + "\n";
  }
  return out;
}

}  // namespace virt_iface
