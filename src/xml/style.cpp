// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/style.hpp"

#include <algorithm>

namespace virt_iface {
namespace {

constexpr std::string_view white = " \t\r\n";

bool is_white(char c) {
  return white.find(c) != white.npos;
}

/// The indentation of the line on which `offset` stands, if only white space is before it there.
struct Lead {
  bool own_line = false;
  std::string eol{};
  std::string indent{};
};

Lead lead_before(std::string_view text, std::size_t offset) {
  std::size_t const begin = white_space_before(text, offset);
  std::string_view const blank = text.substr(begin, offset - begin);
  std::size_t const newline = blank.find_last_of("\r\n");
  if (newline == blank.npos) return {.indent = begin == 0 ? std::string(blank) : std::string()};
  bool const crlf = newline > 0 && blank[newline] == '\n' && blank[newline - 1] == '\r';
  return {.own_line = true,
          .eol = crlf ? "\r\n" : std::string(1, blank[newline]),
          .indent = std::string(blank.substr(newline + 1))};
}

/// The first quote of an attribute in [begin, end), or NUL.
char quote_in(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t const equals = text.find('=', begin);
  if (equals >= end) return '\0';
  std::size_t const quote = text.find_first_of("'\"", equals);
  return quote < end ? text[quote] : '\0';
}

char usual_quote(const Document& document) {
  const Element& domain = document.domain.element;
  char const quote = quote_in(document.text(), domain.begin, domain.tag_end);
  return quote ? quote : '\'';
}

/// What a nested line has more than its parent's, or nothing when it is not simply deeper.
std::string deeper(const std::string& indent, const std::string& than) {
  return indent.size() > than.size() && indent.starts_with(than) ? indent.substr(than.size()) : std::string();
}

/// The document's usual step: devices within domain, else two spaces.
std::string usual_step(const Document& document) {
  if (!document.domain.devices) return "  ";
  std::string_view const text = document.text();
  std::string const step = deeper(lead_before(text, document.domain.devices->begin).indent,
                                  lead_before(text, document.domain.element.begin).indent);
  return step.empty() ? "  " : step;
}

bool spaced_end_in(std::string_view text, std::size_t begin, std::size_t end) {
  std::size_t const tag = text.substr(0, end).find("/>", begin);
  return tag != text.npos && tag > begin && is_white(text[tag - 1]);
}

void append_escaped(std::string& out, std::string_view text, char quote) {
  for (char const c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '\t':
        out += "&#9;";
        break;
      case '\n':
        out += "&#10;";
        break;
      case '\r':
        out += "&#13;";
        break;
      case '\'':
        out += quote == '\'' ? "&apos;" : "'";
        break;
      case '"':
        out += quote == '"' ? "&quot;" : "\"";
        break;
      default:
        out += c;
    }
  }
}

void append(std::string& out, const Attribute& attribute, char quote) {
  out.append(" ").append(attribute.name).append("=") += quote;
  append_escaped(out, attribute.value, quote);
  out += quote;
}

void append(std::string& out, const Element& element, const Style& style, const std::string& indent) {
  out += '<';
  out += element.name;
  for (const Attribute& attribute : element.attributes) append(out, attribute, style.quote);
  if (element.children.empty() && element.text.empty()) {
    out += style.spaced_end ? " />" : "/>";
    return;
  }
  out += '>';
  append_escaped(out, element.text, '\0');
  std::string const inside = style.eol.empty() ? std::string() : indent + style.step;
  for (const Element& child : element.children) {
    out.append(style.eol).append(inside);
    append(out, child, style, inside);
  }
  if (!element.children.empty() && !style.eol.empty()) out.append(style.eol).append(indent);
  out.append("</").append(element.name) += '>';
}

}  // namespace

std::size_t white_space_before(std::string_view text, std::size_t offset) {
  while (offset > 0 && is_white(text[offset - 1])) --offset;
  return offset;
}

Style style_of(const Document& document, Span model, std::size_t parent_begin) {
  std::string_view const text = document.text();
  Lead const lead = lead_before(text, model.begin);
  char const quote = quote_in(text, model.begin, model.end);
  Style style{.eol = lead.eol,
              .indent = lead.indent,
              .step = {},
              .quote = quote ? quote : usual_quote(document),
              .spaced_end = spaced_end_in(text, model.begin, model.end)};
  if (!lead.own_line) return style;
  // How far its own first child is moved in; else how far it is itself.
  std::size_t const tag_end = text.find('>', model.begin);
  std::size_t const next = text.find_first_not_of(white, tag_end + 1);
  if (next < model.end && text[tag_end - 1] != '/' && next > tag_end + 1)
    style.step = deeper(lead_before(text, next).indent, lead.indent);
  if (style.step.empty()) style.step = deeper(lead.indent, lead_before(text, parent_begin).indent);
  if (style.step.empty()) style.step = usual_step(document);
  return style;
}

Style style_inside(const Document& document, const Element& parent) {
  std::string_view const text = document.text();
  // As the first that is there already, if it stands on a line of its own.
  std::size_t const first = text.find_first_not_of(white, parent.tag_end);
  if (!parent.empty_tag() && first < text.size() && text.substr(first, 2) != "</" &&
      lead_before(text, first).own_line)
    return style_of(document, {first, parent.end}, parent.begin);
  Lead const lead = lead_before(text, parent.begin);
  std::string const step = usual_step(document);
  return {.eol = lead.eol,
          .indent = lead.own_line ? lead.indent + step : std::string(),
          .step = step,
          .quote = quote_of(document, parent),
          .spaced_end = parent.empty_tag() && spaced_end_in(text, parent.begin, parent.end)};
}

char quote_of(const Document& document, const Element& element) {
  char const quote = quote_in(document.text(), element.begin, element.tag_end);
  return quote ? quote : usual_quote(document);
}

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, text, '\0');
  return out;
}

std::string serialise(const Attribute& attribute, char quote) {
  std::string out;
  append(out, attribute, quote);
  return out;
}

std::string serialise(const Element& element, const Style& style) {
  std::string out;
  append(out, element, style, style.indent);
  return out;
}

}  // namespace virt_iface
