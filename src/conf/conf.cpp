// SPDX-License-Identifier: LGPL-2.1-or-later
#include "conf/conf.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "base/text.hpp"
#include "conf/value.hpp"

namespace virt_iface {

namespace {

/// A file that is no configuration at all would have a fault in every line.
constexpr std::size_t most_faults = 20;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool is_comment(std::string_view text) {
  return text.empty() || text.front() == '#' || text.front() == ';';
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
}

std::string_view unquoted(std::string_view name) {
  const bool quoted =
      name.size() >= 2 && (name.front() == '"' || name.front() == '\'') && name.front() == name.back();
  return quoted ? name.substr(1, name.size() - 2) : name;
}

/// Behind the quotes around a key, which may hold a `=`; 0 without quotes.
std::size_t end_of_quotes(std::string_view content) {
  if (content.front() != '"' && content.front() != '\'') return 0;
  const std::size_t close = content.find(content.front(), 1);
  return close == std::string_view::npos ? 0 : close;
}

std::vector<std::size_t> find_line_begins(std::string_view text) {
  std::vector<std::size_t> begins{text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0};
  for (std::size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    begins.push_back(at + 1);
  }
  return begins;
}

class Parser {
 public:
  Parser(std::string text, std::string file) {
    conf_.file = std::move(file);
    conf_.text = std::move(text);
    conf_.line_begins = find_line_begins(conf_.text);
  }

  Conf parse() {
    require_no_other_form();
    for (std::size_t i = 0; i < conf_.line_begins.size(); ++i) {
      const bool last = i + 1 == conf_.line_begins.size();
      parse_line(conf_.line_begins[i], last ? conf_.text.size() : conf_.line_begins[i + 1]);
    }
    if (!conf_.sections.empty()) conf_.sections.back().end = conf_.text.size();
    if (!faults_.empty()) throw Error(Exit::invalid, std::move(faults_));
    return std::move(conf_);
  }

 private:
  void fault(std::size_t offset, std::string text, std::string hint = {}) {
    if (faults_.size() == most_faults) {
      faults_.push_back({Severity::note, {}, "further errors in " + conf_.file + " are not reported", {}});
      throw Error(Exit::invalid, std::move(faults_));
    }
    faults_.push_back({Severity::error, conf_.place(offset), std::move(text), std::move(hint)});
  }

  /// Another syntax would have a fault in every line.
  void require_no_other_form() const {
    const std::size_t begin = conf_.line_begins.front();
    const std::string_view front = trim(std::string_view(conf_.text).substr(begin));
    const bool xml = front.starts_with('<');
    if (!xml && !begins_as_json(front)) return;
    const auto offset = static_cast<std::size_t>(front.data() - conf_.text.data());
    throw Error(Exit::invalid, conf_.place(offset),
                std::string("this is ") + (xml ? "XML" : "JSON") + ", and a configuration is expected here",
                "write [section] and key = value");
  }

  void parse_line(std::size_t begin, std::size_t end) {
    std::string_view line(conf_.text.data() + begin, end - begin);
    if (line.ends_with('\n')) line.remove_suffix(line.ends_with("\r\n") ? 2 : 1);
    if (!readable(line, begin)) return;
    const std::string_view content = trim(line);
    if (is_comment(content)) return;
    const auto offset = begin + static_cast<std::size_t>(content.data() - line.data());
    if (content.front() == '[') return parse_heading(content, offset, begin);
    parse_entry(content, offset, begin, end);
  }

  bool readable(std::string_view line, std::size_t begin) {
    if (const std::size_t good = utf8_prefix(line); good != line.size()) {
      fault(begin + good, "the text is not valid UTF-8", "save the file as UTF-8");
      return false;
    }
    const auto control = std::ranges::find_if(line, is_control);
    if (control == line.end()) return true;
    fault(begin + static_cast<std::size_t>(control - line.begin()), "a control character in the text",
          "remove it");
    return false;
  }

  void parse_heading(std::string_view content, std::size_t offset, std::size_t begin) {
    open_ = false;
    headed_ = true;
    const std::size_t depth = std::min(content.find_first_not_of('['), content.size());
    const std::string close(depth, ']');
    const std::size_t name_end = content.find(']');
    if (name_end == std::string_view::npos || !content.substr(name_end).starts_with(close)) {
      return fault(offset, "the section heading is not closed", "end it with " + close);
    }
    const std::string_view rest = content.substr(name_end + depth);
    if (!is_comment(trim(rest))) {
      return fault(offset + name_end + depth, "text after the section heading",
                   "put it on a line of its own");
    }
    const std::string_view name = unquoted(trim(content.substr(depth, name_end - depth)));
    if (name.empty()) return fault(offset, "a section without a name");
    if (depth > parents_.size() + 1) {
      return fault(offset, "the nested section " + std::string(name) + " is under no section",
                   "write [" + std::string(name) + "], or put its parent in front");
    }
    parents_.resize(depth - 1);
    parents_.emplace_back(name);
    add_section(join(parents_, "."), depth, offset, begin);
  }

  void add_section(const std::string& name, std::size_t depth, std::size_t offset, std::size_t begin) {
    if (!conf_.sections.empty()) conf_.sections.back().end = begin;
    conf_.sections.push_back({name, depth, begin, begin, {}});
    open_ = true;
    keys_.clear();
    const auto [known, added] = section_offsets_.try_emplace(name, offset);
    if (!added)
      fault(offset, "section [" + name + "] stands here twice" + first_at(known->second), "join the two");
  }

  std::string first_at(std::size_t offset) const {
    return ", first in line " + std::to_string(conf_.place(offset).line);
  }

  void parse_entry(std::string_view content, std::size_t offset, std::size_t begin, std::size_t end) {
    if (odd_blank(content) != 0) {
      return fault(offset, "the line begins with a blank that is not a plain space", "write a plain space");
    }
    const std::size_t equals = content.find('=', end_of_quotes(content));
    if (equals == std::string_view::npos) return fault(offset, "a line without '='", "write key = value");
    const std::string_view written_key = trim(content.substr(0, equals));
    const std::string key(unquoted(written_key));
    if (key.empty()) return fault(offset, "a value without a key", "write key = value");
    if (!headed_) {
      return fault(offset, "'" + key + "' is before any section", "begin with [main] or [interfaces.0]");
    }
    const auto [known, added] = keys_.try_emplace(key, offset);
    if (!added) {
      return fault(offset, "key '" + key + "' stands here twice" + first_at(known->second),
                   "keep one of the two");
    }
    const std::string_view right = content.substr(equals + 1);
    const std::size_t right_offset = offset + equals + 1;
    Value value = parse_value(right);
    if (value.fault) return fault(right_offset + value.fault->offset, value.fault->text, value.fault->hint);
    if (!open_) return;
    Entry entry = make_entry(std::move(value), right, right_offset);
    entry.key = key;
    entry.begin = begin;
    entry.end = end;
    entry.key_begin = offset + (key.size() == written_key.size() ? 0 : 1);
    conf_.sections.back().entries.push_back(std::move(entry));
  }

  static Entry make_entry(Value value, std::string_view right, std::size_t right_offset) {
    Entry entry;
    const bool one_item = value.items.size() == 1 && !value.has_comma;
    if (one_item) entry.value = value.items.front();
    if (value.has_comma) entry.value = right.substr(value.begin, value.end - value.begin);
    entry.items = std::move(value.items);
    entry.has_comma = value.has_comma;
    const bool empty = value.begin == value.end;
    entry.value_begin = right_offset + (empty ? 0 : value.begin);
    entry.value_end = right_offset + (empty ? 0 : value.end);
    return entry;
  }

  Conf conf_;
  std::vector<Message> faults_;
  std::vector<std::string> parents_;
  bool headed_ = false;  ///< a heading was seen
  bool open_ = false;    ///< and the last one was right
  std::unordered_map<std::string, std::size_t> section_offsets_;
  std::unordered_map<std::string, std::size_t> keys_;
};

}  // namespace

Place Conf::place(std::size_t offset) const {
  const auto next = std::ranges::upper_bound(line_begins, offset);
  const auto line = static_cast<std::size_t>(std::max<std::ptrdiff_t>(next - line_begins.begin(), 1));
  const std::size_t begin = line_begins.empty() ? 0 : line_begins[line - 1];
  Place place = place_in_line(file, text, std::max(offset, begin), line, begin);
  place.by_line = true;
  return place;
}

Conf parse_conf(std::string text, std::string file) {
  return Parser(std::move(text), std::move(file)).parse();
}

}  // namespace virt_iface
