// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/conf_edit.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "spec/sections.hpp"
#include "spec/template_conf.hpp"

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
std::string insert_lines(const Conf& conf, std::size_t offset, const std::string& lines) {
  const std::string_view line_end = line_end_of(conf.text);
  std::string out = conf.text.substr(0, offset);
  const bool unended = offset > conf.line_begins.front() && !out.ends_with('\n');
  out += unended ? std::string(line_end) + without(lines, line_end) : lines;
  return out + conf.text.substr(offset);
}

std::size_t line_of_end(const Conf& conf, std::size_t offset) {
  const std::size_t newline = conf.text.find('\n', offset);
  return newline == std::string::npos ? conf.text.size() : newline + 1;
}

/// Behind the last line of a section that says something: comments in front of the next heading are its own.
std::size_t said_end(const Conf& conf, const Section& section) {
  return section.entries.empty() ? line_of_end(conf, section.begin) : section.entries.back().end;
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

std::string with_interface(const Conf& conf, const Interface& interface) {
  const std::string line_end(line_end_of(conf.text));
  const Last last = last_interface(conf);
  const auto heading = std::ranges::find(conf.sections, "interfaces", &Section::name);
  std::size_t offset = conf.text.size();
  std::string title = "[interfaces." + std::to_string(last.next_number) + "]";
  if (last.section != nullptr) {
    offset = said_end(conf, *last.section);
    title = heading_like(conf, *last.section, last.next_number);
  } else if (heading != conf.sections.end()) {
    offset = said_end(conf, *heading);
  }
  const std::string gap = offset == conf.line_begins.front() ? "" : line_end;
  return insert_lines(conf, offset,
                      gap + title + line_end + section_lines(interface, form_of(conf), line_end));
}

std::string with_key(const Conf& conf, std::size_t section, std::string_view key, std::string_view value) {
  const Section& in = conf.sections.at(section);
  const Entry* entry = find_entry(in, key);
  if (entry == nullptr) return insert_lines(conf, said_end(conf, in), line_like(conf, in, key, value));
  const bool was_empty = entry->value_begin == entry->value_end;
  std::string out = conf.text.substr(0, entry->value_begin);
  if (value.empty()) out.resize(out.find_last_not_of(" \t") + 1);
  if (was_empty && !value.empty()) out += ' ';
  return out.append(value) + conf.text.substr(entry->value_end);
}

std::string without_key(const Conf& conf, std::size_t section, std::string_view key) {
  const Entry* entry = find_entry(conf.sections.at(section), key);
  if (entry == nullptr) return conf.text;
  return conf.text.substr(0, entry->begin) + conf.text.substr(entry->end);
}

std::string without_section(const Conf& conf, std::size_t section) {
  const Section& gone = conf.sections.at(section);
  std::string out = conf.text.substr(0, removal_begin(conf, gone));
  std::size_t at = line_of_end(conf, gone.begin);
  for (const Entry& entry : gone.entries) {
    out += conf.text.substr(at, entry.begin - at);
    at = entry.end;
  }
  const bool was_last = at == conf.text.size();
  if (was_last && !conf.text.ends_with('\n')) out = without(without(std::move(out), "\n"), "\r");
  return out + conf.text.substr(at);
}

}  // namespace virt_iface
