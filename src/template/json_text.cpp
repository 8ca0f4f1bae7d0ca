// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/json_text.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "base/text.hpp"

namespace virt_iface {

namespace {

using Json = nlohmann::json;

constexpr std::size_t deepest = 100;
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// Builds the tree from the parser's events, following in the text where each token stands: between two
/// tokens there are only blanks, commas and colons.
class TreeBuilder {
 public:
  TreeBuilder(std::string_view text, const std::string& file) : text_(text), file_(file) {
    if (text.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
  }

  bool null() { return scalar(JsonKind::literal, "null"); }
  bool boolean(bool value) { return scalar(JsonKind::literal, value ? "true" : "false"); }
  bool number_integer(Json::number_integer_t) { return number(); }
  bool number_unsigned(Json::number_unsigned_t) { return number(); }
  bool number_float(Json::number_float_t, const Json::string_t&) { return number(); }
  bool binary(Json::binary_t&) { return false; }
  bool string(Json::string_t& value) {
    const std::size_t begin = next_token();
    skip_string();
    add({JsonKind::string, begin, at_, 0, {}, std::move(value), {}});
    return true;
  }
  bool key(Json::string_t& value) {
    key_begin_ = next_token();
    skip_string();
    if (!keys_.back().insert(value).second) fail(key_begin_, "key '" + value + "' stands here twice");
    key_ = std::move(value);
    return true;
  }
  bool start_object(std::size_t) { return open(JsonKind::object); }
  bool start_array(std::size_t) { return open(JsonKind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception& error) {
    const std::string_view what = error.what();
    const std::size_t colon = what.rfind("; ");
    const std::string_view reason = colon == std::string_view::npos ? "" : what.substr(colon);
    // The parser tells the last byte that it read, of a token or a sign between two.
    fail(std::min(next_token(), position == 0 ? 0 : position - 1), "this is not JSON" + std::string(reason));
    return false;
  }

  JsonNode root() { return std::move(root_); }

 private:
  [[noreturn]] void fail(std::size_t offset, std::string text) const {
    Place place = place_in(file_, text_, offset);
    std::string hint = leftover_hint(place.source_line);
    throw Error(Exit::invalid, std::move(place), std::move(text), std::move(hint));
  }

  std::size_t next_token() {
    at_ = std::min(text_.find_first_not_of(" \t\r\n,:", at_), text_.size());
    return at_;
  }

  void skip_string() {
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') ++at_;
    }
    ++at_;
  }

  bool scalar(JsonKind kind, std::string_view literal) {
    const std::size_t begin = next_token();
    at_ += literal.size();
    add({kind, begin, at_, 0, {}, std::string(literal), {}});
    return true;
  }

  bool number() {
    const std::size_t begin = next_token();
    const std::size_t end = std::min(text_.find_first_not_of("+-.0123456789eE", begin), text_.size());
    return scalar(JsonKind::number, text_.substr(begin, end - begin));
  }

  bool open(JsonKind kind) {
    const std::size_t begin = next_token();
    ++at_;
    if (open_.size() == deepest) fail(begin, "the JSON is nested deeper than 100 levels");
    open_.push_back({kind, begin, 0, key_begin_, std::exchange(key_, {}), {}, {}});
    keys_.emplace_back();
    return true;
  }

  bool close() {
    next_token();
    JsonNode node = std::move(open_.back());
    open_.pop_back();
    keys_.pop_back();
    node.end = ++at_;
    place_child(std::move(node));
    return true;
  }

  void add(JsonNode node) {
    node.key_begin = key_begin_;
    node.key = std::exchange(key_, {});
    place_child(std::move(node));
  }

  void place_child(JsonNode node) {
    if (open_.empty()) {
      root_ = std::move(node);
    } else {
      open_.back().children.push_back(std::move(node));
    }
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  std::size_t key_begin_ = 0;
  std::string key_;
  std::vector<JsonNode> open_;
  std::vector<std::set<std::string>> keys_;  // of each of those
  JsonNode root_;
};

}  // namespace

bool is_null(const JsonNode& node) {
  return node.kind == JsonKind::literal && node.text == "null";
}

const JsonNode* JsonNode::find(std::string_view name) const {
  const auto found = std::ranges::find(children, name, &JsonNode::key);
  return kind != JsonKind::object || found == children.end() ? nullptr : &*found;
}

JsonText parse_json(std::string text, std::string file) {
  TreeBuilder builder(text, file);
  Json::sax_parse(text, &builder);
  JsonNode root = builder.root();
  return {.file = std::move(file), .text = std::move(text), .root = std::move(root)};
}

}  // namespace virt_iface
