// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/conf_edit.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"
#include "conf/value.hpp"
#include "spec/sections.hpp"
#include "template/template_conf.hpp"

namespace virt_iface {

namespace {

std::string_view line_end_of(std::string_view text) {
  const std::size_t newline = text.find('\n');
  const bool crlf = newline != std::string_view::npos && newline > 0 && text[newline - 1] == '\r';
  return crlf ? "\r\n" : "\n";
}

std::string without(std::string text, std::string_view tail) {
  if (text.ends_with(tail)) text.resize(text.size() - tail.size());
  return text;
}

/// `lines` put in at the end of a line; a last line without an end stays the kind it was.
Edit insert_lines(const Conf& conf, std::size_t offset, const std::string& lines) {
  const std::string_view line_end = line_end_of(conf.text);
  const bool unended = offset > conf.line_begins.front() && conf.text[offset - 1] != '\n';
  return {offset, offset, unended ? std::string(line_end) + without(lines, line_end) : lines};
}

std::size_t line_of_end(const Conf& conf, std::size_t offset) {
  const std::size_t newline = conf.text.find('\n', offset);
  return newline == std::string::npos ? conf.text.size() : newline + 1;
}

/// Behind the last line of a section that says something: comments in front of the next heading are its own.
/// Where no key stands, the comments below the heading are what it would say.
std::size_t said_end(const Conf& conf, const Section& section) {
  if (!section.entries.empty()) return section.entries.back().end;
  std::size_t end = line_of_end(conf, section.begin);
  const auto line = [&] { return std::string_view(conf.text).substr(end, line_of_end(conf, end) - end); };
  while (end < section.end && !trim(line()).empty()) end = line_of_end(conf, end);
  return end;
}

/// The last interface's section in the text, and the number that a new one takes.
struct Last {
  const Section* section = nullptr;
  std::uint64_t next_number = 0;
};

Last last_interface(const Conf& conf) {
  Last out;
  for (const Section& section : conf.sections) {
    const SectionMeaning meaning = meaning_of(section.name, {});
    if (meaning.kind != SectionKind::interface) continue;
    out.section = &section;
    out.next_number = std::max(out.next_number, meaning.number + 1);
  }
  return out;
}

/// The heading of `like` with another number.
std::string heading_like(const Conf& conf, const Section& like, std::uint64_t number) {
  const std::size_t close = conf.text.find(']', like.begin);
  const std::string heading = conf.text.substr(like.begin, close + like.depth - like.begin);
  const std::size_t last = heading.find_last_of("0123456789");
  const std::size_t before = heading.find_last_not_of("0123456789", last);
  return heading.substr(0, before + 1) + std::to_string(number) + heading.substr(last + 1);
}

/// A line for a new key in the manner of the section's last one.
std::string line_like(const Conf& conf, const Section& section, std::string_view key,
                      std::string_view value) {
  std::string indent;
  std::string equals = " = ";
  if (!section.entries.empty()) {
    const Entry& last = section.entries.back();
    indent = conf.text.substr(last.begin, conf.text.find_first_not_of(" \t", last.begin) - last.begin);
    const std::size_t sign = conf.text.find('=', last.key_begin + last.key.size());
    if (conf.text[sign - 1] != ' ' && conf.text[sign - 1] != '\t') equals = "=";
  }
  return indent + std::string(key) + equals + std::string(value) + std::string(line_end_of(conf.text));
}

/// A list with each item as it would be written alone.
std::string plain_list(const std::vector<std::string>& names) {
  std::vector<std::string> written;
  written.reserve(names.size());
  for (const std::string& name : names) written.push_back(quoted_value(name));
  return join(written, ", ");
}

/// `names` as a list in the manner of one that is `written`: those at its front and at its end that stay are
/// left as they stand.
std::string list_like(std::string_view written, const std::vector<std::string>& names) {
  const Value old = parse_value(written);
  const std::size_t count = old.items.size();
  if (count == 0 || names.empty()) return plain_list(names);
  const std::size_t most = std::min(count, names.size());
  std::size_t front = 0;
  while (front < most && old.items[front] == names[front]) ++front;
  std::size_t back = 0;
  while (back < most - front && old.items[count - 1 - back] == names[names.size() - 1 - back]) ++back;

  const auto begin_of = [&](std::size_t i) {
    return static_cast<std::size_t>(old.written[i].data() - written.data());
  };
  const auto end_of = [&](std::size_t i) { return begin_of(i) + old.written[i].size(); };
  const auto comma_before = [&](std::size_t i) {
    return i == 0 ? ", " : written.substr(end_of(i - 1), begin_of(i) - end_of(i - 1));
  };
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const bool stays = i < front || i >= names.size() - back;
    const std::size_t was = i < front ? i : i + count - names.size();
    if (i > 0) out += comma_before(stays ? was : count - 1);
    out += stays ? std::string(old.written[was]) : quoted_value(names[i]);
  }
  out += written.substr(end_of(count - 1));
  const Value read = parse_value(out);
  return !read.fault && read.items == names ? out : plain_list(names);
}

/// Where a section's removal begins: with the blank line in front of its heading.
std::size_t removal_begin(const Conf& conf, const Section& section) {
  const auto line = std::ranges::find(conf.line_begins, section.begin);
  if (line == conf.line_begins.begin()) return section.begin;
  const std::size_t before = *(line - 1);
  const std::string_view text(conf.text.data() + before, section.begin - before);
  return trim(text).empty() ? before : section.begin;
}

}  // namespace

const Entry* find_entry(const Section& section, std::string_view key) {
  const auto is_it = [key](const Entry& entry) {
    const Key* row = find_key(entry.key);
    return entry.key == key || (row != nullptr && canonical_key(*row, entry.key) == key);
  };
  const auto found = std::ranges::find_if(section.entries, is_it);
  return found == section.entries.end() ? nullptr : &*found;
}

EditList add_interfaces(const Conf& conf, std::span<const Interface> interfaces) {
  if (interfaces.empty()) return {};
  const std::string line_end(line_end_of(conf.text));
  const Last last = last_interface(conf);
  const auto heading = std::ranges::find(conf.sections, "interfaces", &Section::name);
  std::size_t offset = conf.text.size();
  if (last.section != nullptr) {
    offset = said_end(conf, *last.section);
  } else if (heading != conf.sections.end()) {
    offset = said_end(conf, *heading);
  }
  std::string lines;
  std::uint64_t number = last.next_number;
  for (const Interface& interface : interfaces) {
    if (!lines.empty() || offset != conf.line_begins.front()) lines += line_end;
    lines += last.section != nullptr ? heading_like(conf, *last.section, number)
                                     : "[interfaces." + std::to_string(number) + "]";
    lines += line_end + section_lines(interface, form_of(conf), line_end);
    ++number;
  }
  return {insert_lines(conf, offset, lines)};
}

EditList change_keys(const Conf& conf, const Section& section, const KeyChanges& changes) {
  EditList edits;
  Section stays = section;
  for (const std::string& key : changes.removed) {
    const Entry* entry = find_entry(stays, key);
    if (entry == nullptr) continue;
    edits.push_back({entry->begin, entry->end, {}});
    stays.entries.erase(stays.entries.begin() + (entry - stays.entries.data()));
  }
  std::string added;
  for (const Setting& setting : changes.set) {
    const Entry* entry = find_entry(stays, setting.key);
    if (entry == nullptr) {
      added += line_like(conf, stays, setting.key, setting.value);
      continue;
    }
    const std::size_t before = conf.text.find_last_not_of(" \t", entry->value_begin - 1) + 1;
    const bool was_empty = entry->value_begin == entry->value_end;
    edits.push_back({setting.value.empty() ? before : entry->value_begin, entry->value_end,
                     (was_empty && !setting.value.empty() ? " " : "") + setting.value});
  }
  // In front: a line that goes may begin where the new ones stand.
  if (!added.empty()) edits.insert(edits.begin(), insert_lines(conf, said_end(conf, stays), added));
  return edits;
}

std::string list_value(const Conf& conf, const Section& section, std::string_view key,
                       const std::vector<std::string>& names) {
  const Entry* entry = find_entry(section, key);
  if (entry == nullptr) return plain_list(names);
  const std::string_view text = conf.text;
  return list_like(text.substr(entry->value_begin, entry->value_end - entry->value_begin), names);
}

EditList remove_sections(const Conf& conf, const std::vector<const Section*>& sections) {
  EditList edits;
  const auto remove = [&](std::size_t begin, std::size_t end) {
    if (!edits.empty() && edits.back().end == begin) {
      edits.back().end = end;
    } else {
      edits.push_back({begin, end, {}});
    }
  };
  for (const Section* section : sections) {
    remove(removal_begin(conf, *section), line_of_end(conf, section->begin));
    for (const Entry& entry : section->entries) remove(entry.begin, entry.end);
  }
  const bool was_last = !edits.empty() && edits.back().end == conf.text.size();
  if (!was_last || conf.text.ends_with('\n')) return edits;
  // The line in front becomes the last one, and has no end either.
  std::size_t& begin = edits.back().begin;
  if (begin > 0 && conf.text[begin - 1] == '\n') --begin;
  if (begin > 0 && conf.text[begin - 1] == '\r') --begin;
  return edits;
}

}  // namespace virt_iface
