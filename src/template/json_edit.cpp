// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/json_edit.hpp"

#include <algorithm>

namespace virt_iface {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view blanks = " \t\r\n";

std::string on_one_line(const Json& value, const JsonLayout& layout) {
  if (!value.is_structured()) return value.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string out(1, value.is_object() ? '{' : '[');
  for (const auto& [key, child] : value.items()) {
    if (out.size() > 1) out += layout.comma;
    if (value.is_object()) out += Json(key).dump() + layout.colon;
    out += on_one_line(child, layout);
  }
  return out += value.is_object() ? '}' : ']';
}

/// Objects a member a line, lists of plain values on one line, as people write templates.
std::string in_lines(const Json& value, const JsonLayout& layout, const std::string& indent) {
  const bool plain = std::ranges::none_of(value, [](const Json& child) { return child.is_structured(); });
  if (!value.is_structured() || value.empty() || (value.is_array() && plain))
    return on_one_line(value, layout);
  const std::string inner = indent + layout.unit;
  std::string out(1, value.is_object() ? '{' : '[');
  for (const auto& [key, child] : value.items()) {
    out.append(out.size() > 1 ? "," : "").append(layout.eol).append(inner);
    if (value.is_object()) out += Json(key).dump() + layout.colon;
    out += in_lines(child, layout, inner);
  }
  return out + layout.eol + indent + (value.is_object() ? "}" : "]");
}

/// The indentation of the line on which an offset stands.
std::string indent_at(const std::string& text, std::size_t offset) {
  const std::size_t newline = offset == 0 ? std::string::npos : text.rfind('\n', offset - 1);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return text.substr(begin, std::min(text.find_first_not_of(" \t", begin), text.size()) - begin);
}

std::string blanks_before(const std::string& text, std::size_t offset) {
  const std::size_t last = text.find_last_not_of(blanks, offset - 1);
  return text.substr(last + 1, offset - last - 1);
}

bool spans_lines(const JsonText& json, const JsonNode& node) {
  return std::string_view(json.text).substr(node.begin, node.end - node.begin).find('\n') !=
         std::string_view::npos;
}

}  // namespace

JsonLayout layout_of(const JsonText& json) {
  JsonLayout out{json.text.find('\n') < json.root.end, "  ", ", ", ": "};
  const std::size_t first = json.text.find('\n');
  if (first != std::string::npos && first > 0 && json.text[first - 1] == '\r') out.eol = "\r\n";
  if (json.root.children.empty()) return out;
  const std::size_t key = json.root.children.front().key_begin;
  const std::size_t newline = json.text.rfind('\n', key);
  if (newline != std::string::npos && newline > json.root.begin)
    out.unit = json.text.substr(newline + 1, key - newline - 1);
  const auto has = [&](const char* text) { return json.text.find(text) != std::string::npos; };
  if (!out.lines && !has("\": ") && !has(", ")) out.comma = ",", out.colon = ":";
  return out;
}

Edit set_node(const JsonText& json, const JsonLayout& layout, const JsonNode& node, const Json& value) {
  return {node.begin, node.end,
          spans_lines(json, node) ? in_lines(value, layout, indent_at(json.text, node.begin))
                                  : on_one_line(value, layout)};
}

Edit add_items(const JsonText& json, const JsonLayout& layout, const JsonNode& array, const Json& values) {
  if (array.children.empty()) {
    return {array.begin, array.end,
            layout.lines ? in_lines(values, layout, indent_at(json.text, array.begin))
                         : on_one_line(values, layout)};
  }
  const JsonNode& last = array.children.back();
  const std::string gap = blanks_before(json.text, last.begin);
  const bool only = array.children.size() == 1 && gap.find('\n') == std::string::npos;
  std::string added;
  for (const Json& value : values) {
    added += only ? layout.comma : "," + gap;
    added += spans_lines(json, last) ? in_lines(value, layout, indent_at(json.text, last.begin))
                                     : on_one_line(value, layout);
  }
  return {last.end, last.end, added};
}

EditList remove_items(const JsonNode& array, const std::vector<std::size_t>& indices) {
  const auto& items = array.children;
  if (indices.size() == items.size()) return {{array.begin, array.end, "[]"}};
  EditList edits;
  edits.reserve(indices.size());
  std::size_t front = 0;  // how many at the front go
  for (const std::size_t index : indices) {
    if (index == front) {
      ++front;
      edits.push_back({items[index].begin, items[index + 1].begin, {}});
    } else {
      edits.push_back({items[index - 1].end, items[index].end, {}});
    }
  }
  return edits;
}

Edit add_member(const JsonText& json, const JsonLayout& layout, std::string_view key, const Json& value) {
  const std::string gap = layout.lines ? layout.eol + layout.unit : "";
  const std::string member =
      Json(key).dump() + layout.colon +
      (layout.lines ? in_lines(value, layout, layout.unit) : on_one_line(value, layout));
  const JsonNode& root = json.root;
  if (root.children.empty())
    return {root.begin, root.end, "{" + gap + member + (layout.lines ? layout.eol : "") + "}"};
  const std::size_t end = root.children.back().end;
  return {end, end, (layout.lines ? "," + gap : layout.comma) + member};
}

}  // namespace virt_iface
