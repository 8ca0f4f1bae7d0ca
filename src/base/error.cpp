// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/error.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "base/text.hpp"

namespace virt_iface {

namespace {

constexpr std::size_t longest_source_line = 160;

constexpr std::string_view severity_words[] = {"error", "warning", "note"};
constexpr std::string_view severity_colours[] = {"\x1b[1;31m", "\x1b[1;35m", "\x1b[1;36m"};

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t characters(std::string_view text) {
  return text.size() - static_cast<std::size_t>(std::ranges::count_if(text, continues_character));
}

/// Moves `offset` back to the first byte of a character.
std::size_t character_begin(std::string_view text, std::size_t offset) {
  while (offset > 0 && offset < text.size() && continues_character(text[offset])) --offset;
  return offset;
}

std::string paint(std::string_view text, std::string_view colour, bool wanted) {
  if (!wanted) return std::string(text);
  return std::string(colour) + std::string(text) + "\x1b[0m";
}

std::string where(const Place& place) {
  if (place.file.empty()) return "virt-iface:";
  std::string out = printable(place.file) + ':';
  if (place.line == 0) return out;
  out += std::to_string(place.line) + ':';
  if (place.column != 0 && !place.by_line) out += std::to_string(place.column) + ':';
  return out;
}

/// The white space that puts a caret below character `column` of `line`: tabs stay tabs.
std::string indent_to(std::string_view line, std::size_t column) {
  std::string out;
  std::size_t at = 0;
  for (const char c : line) {
    if (continues_character(c)) continue;
    if (++at >= column) break;
    out += c == '\t' ? '\t' : ' ';
  }
  return out;
}

std::string source_lines(const Place& place, bool colour) {
  if (place.source_line.empty()) return {};
  std::string out = printable(place.source_line) + '\n';
  if (place.column <= place.cut) return out;
  return out + indent_to(place.source_line, place.column - place.cut) + paint("^", "\x1b[1;32m", colour) +
         '\n';
}

std::string format_json(const Message& message) {
  nlohmann::ordered_json out;
  out["severity"] = severity_words[static_cast<std::size_t>(message.severity)];
  if (!message.id.empty()) out["id"] = message.id;
  out["message"] = message.text;
  if (!message.hint.empty()) out["hint"] = message.hint;
  if (!message.hint.empty()) out["cure"] = message.hint;  // its name until 1.0
  if (!message.place.file.empty()) out["file"] = message.place.file;
  if (message.place.line != 0) out["line"] = message.place.line;
  if (message.place.column != 0) out["column"] = message.place.column;
  if (!message.place.source_line.empty()) out["source"] = message.place.source_line;
  return out.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + '\n';
}

std::string escaped(std::string_view text, std::string_view characters) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (char const c : text) {
    auto const code = static_cast<unsigned char>(c);
    if (characters.find(c) == characters.npos)
      out += c;
    else
      out.append({'%', digits[code >> 4U], digits[code & 15U]});
  }
  return out;
}

/// https://docs.github.com/actions/reference/workflow-commands-for-github-actions: what ends a command or a
/// property of it is escaped.
std::string format_github(const Message& message) {
  constexpr std::string_view commands[] = {"error", "warning", "notice"};
  constexpr std::string_view in_text = "%\r\n";
  constexpr std::string_view in_property = "%\r\n:,";
  std::string out = "::" + std::string(commands[static_cast<std::size_t>(message.severity)]);
  char separator = ' ';
  auto const add = [&](const char* name, const std::string& value) {
    out += std::exchange(separator, ',') + std::string(name) + '=' + escaped(value, in_property);
  };
  if (!message.place.file.empty()) add("file", message.place.file);
  if (message.place.line != 0) add("line", std::to_string(message.place.line));
  if (message.place.column != 0) add("col", std::to_string(message.place.column));
  std::string const hint = message.hint.empty() ? std::string() : " (" + message.hint + ')';
  return out + "::" + escaped(message.text + hint, in_text) + '\n';
}

/// The place at byte `inside` of a line, before which it has `before` characters.
Place place_at(const std::string& file, std::string_view shown, std::size_t inside, std::size_t line,
               std::size_t before) {
  if (shown.ends_with('\r')) shown.remove_suffix(1);
  if (inside > shown.size()) {  // between the two characters of a line end
    inside = shown.size();
    --before;
  }
  Place place{file, line, before + 1, {}, 0, false};
  if (shown.size() > longest_source_line) {
    const std::size_t half = longest_source_line / 2;
    const std::size_t from = character_begin(shown, inside > half ? inside - half : 0);
    const std::size_t to = character_begin(shown, std::min(from + longest_source_line, shown.size()));
    place.cut = before - characters(shown.substr(from, inside - from));
    shown = shown.substr(from, to - from);
  }
  place.source_line = shown;
  return place;
}

}  // namespace

Error::Error(Exit status, std::vector<Message> messages) : status_(status), messages_(std::move(messages)) {}

Error::Error(Exit status, Message message) : status_(status) {
  messages_.push_back(std::move(message));
}

Error::Error(Exit status, std::string text, std::string hint)
    : Error(status, Place{}, std::move(text), std::move(hint)) {}

Error::Error(Exit status, Place place, std::string text, std::string hint) : status_(status) {
  messages_.push_back({Severity::error, std::move(place), std::move(text), std::move(hint)});
}

bool Error::has(std::string_view id) const noexcept {
  return std::ranges::find(messages_, id, &Message::id) != messages_.end();
}

const char* Error::what() const noexcept {
  return messages_.empty() ? "unknown error" : messages_.front().text.c_str();
}

Error system_error(const std::string& text, int number) {
  return {Exit::system, text + ": " + std::generic_category().message(number)};
}

Place PlaceFinder::find(const std::string& file, std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  if (offset < offset_) *this = {};
  const std::string_view passed = text.substr(offset_, offset - offset_);
  const auto lines = static_cast<std::size_t>(std::ranges::count(passed, '\n'));
  if (lines != 0) {
    line_begin_ = offset_ + passed.rfind('\n') + 1;
    characters_ = 0;
  }
  if (lines != 0 || size_ != text.size()) line_end_ = std::min(text.find('\n', offset), text.size());
  size_ = text.size();
  const std::size_t known = std::max(offset_, line_begin_);
  characters_ += characters(text.substr(known, offset - known));
  line_ += lines;
  offset_ = offset;
  return place_at(file, text.substr(line_begin_, line_end_ - line_begin_), offset - line_begin_, line_,
                  characters_);
}

Place place_in(const std::string& file, std::string_view text, std::size_t offset) {
  return PlaceFinder().find(file, text, offset);
}

Place place_in_line(const std::string& file, std::string_view text, std::size_t offset, std::size_t line,
                    std::size_t line_begin) {
  const std::size_t line_end = std::min(text.find('\n', line_begin), text.size());
  const std::string_view shown = text.substr(line_begin, line_end - line_begin);
  const std::size_t inside = std::min(offset - line_begin, shown.size());
  return place_at(file, shown, inside, line, characters(shown.substr(0, inside)));
}

MessageStyle message_style(std::string_view word) {
  return word == "json" ? MessageStyle::json : word == "github" ? MessageStyle::github : MessageStyle::text;
}

std::string format(const Message& message, MessageFormat how) {
  if (how.style == MessageStyle::json) return format_json(message);
  if (how.style == MessageStyle::github) return format_github(message);
  const auto severity = static_cast<std::size_t>(message.severity);
  std::string out = paint(where(message.place), "\x1b[1m", how.colour) + ' ';
  out += paint(std::string(severity_words[severity]) + ':', severity_colours[severity], how.colour) + ' ';
  out += printable(message.text);
  if (!message.hint.empty()) out += " (" + printable(message.hint) + ')';
  return out + '\n' + source_lines(message.place, how.colour);
}

}  // namespace virt_iface
