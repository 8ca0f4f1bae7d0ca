// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "conf/value.hpp"
#include "spec/builder.hpp"
#include "table/short_key.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// A part of the option between single commas.
struct Word {
  std::string text{};  ///< doubled commas made one
  std::size_t offset = 0;
};

std::vector<Word> split_words(std::string_view text) {
  std::vector<Word> out{{{}, 0}};
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != ',') {
      out.back().text += text[at];
    } else if (text.substr(at).starts_with(",,")) {
      out.back().text += text[at++];
    } else {
      out.push_back({{}, at + 1});
    }
  }
  return out;
}

/// Whether a word with `=` is a part of the bandwidth before it.
bool continues_bandwidth(std::string_view key, std::string_view name) {
  const Key* row = find_key(key);
  return row != nullptr && row->kind == Kind::bandwidth &&
         (name == "floor" || name == "peak" || name == "burst");
}

class OptionReader {
 public:
  OptionReader(std::string_view text, const std::string& label, bool may_be_there)
      : text_(text), label_(label), may_be_there_(may_be_there) {}

  std::vector<Interface> read() {
    for (const Word& word : split_words(text_)) take(word);
    InterfaceBuilder builder(place(0), may_be_there_);
    for (const Written& written : written_) builder.add(written);
    std::vector<Interface> out = builder.build();
    gather(without_repeats(builder.messages()));
    gather(check_distinct(out));
    throw_if_wrong(std::move(messages_));
    return out;
  }

 private:
  /// An option has no lines: only the caret shows where.
  Place place(std::size_t offset) const {
    Place out = place_in(label_, text_, offset);
    out.line = 0;
    return out;
  }

  void fault(std::size_t offset, std::string text, std::string hint) {
    messages_.push_back({Severity::error, place(offset), std::move(text), std::move(hint)});
  }

  void gather(const std::vector<Message>& more) {
    messages_.insert(messages_.end(), more.begin(), more.end());
  }

  /// Of a word that is reported already, nothing more.
  std::vector<Message> without_repeats(std::vector<Message> more) const {
    std::erase_if(more, [this](const Message& message) {
      const auto same = [&](const Message& known) { return known.place.column == message.place.column; };
      return std::ranges::any_of(messages_, same);
    });
    return more;
  }

  void take(const Word& word) {
    const std::size_t equals = word.text.find('=');
    const std::string key(trim(std::string_view(word.text).substr(0, equals)));
    const bool has_key = equals != std::string::npos;
    if (!written_.empty() && has_key && continues_bandwidth(written_.back().key, key))
      return continue_list(word);
    if (!has_key) return without_key(word);
    if (key.empty()) return fault(word.offset, "a value without a key", "write key=value");
    const std::size_t value_offset = word.offset + equals + 1;
    const std::string value(trim(std::string_view(word.text).substr(equals + 1)));
    Written written{key, value, {}, false, place(word.offset), place(value_offset)};
    if (!value.empty()) written.items.push_back(value);
    written_.push_back(std::move(written));
    copied(value, value_offset);
  }

  void without_key(const Word& word) {
    const std::string item(trim(word.text));
    const Key* key = written_.empty() ? nullptr : find_key(written_.back().key);
    if (key != nullptr && takes_list(*key)) return continue_list(word);
    if (item.empty()) {
      return fault(word.offset, "nothing at a comma", "write key=value; a doubled comma is a comma");
    }
    std::string hint = "write key=value";
    if (!written_.empty())
      hint += "; a doubled comma is a comma, and only name, vlan.tag and bandwidth take lists";
    fault(word.offset, "'" + item + "' has no '='", hint);
  }

  void continue_list(const Word& word) {
    Written& list = written_.back();
    const std::string item(trim(word.text));
    list.items.push_back(item);
    list.value += ',' + item;
    list.is_list = true;
    copied(item, word.offset);
  }

  void copied(std::string_view value, std::size_t offset) {
    if (auto found = copied_fault(value, offset))
      fault(offset, std::move(found->text), std::move(found->hint));
  }

  std::string_view text_;
  const std::string& label_;
  bool may_be_there_;
  std::vector<Written> written_;
  std::vector<Message> messages_;
};

Setting without_value(std::string_view key) {
  return {std::string(key), {}, {}};
}

/// The keys that one is short for: those that it does not state are removed.
std::vector<Setting> parts_of(const Key& key, std::string_view value) {
  std::vector<Setting> out;
  for (const std::string_view part : family_of(key.name)) out.push_back(without_value(part));
  for (Setting& part : written_out(key, value))
    *std::ranges::find(out, part.key, &Setting::key) = std::move(part);
  return out;
}

std::vector<Setting> parse_word(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) {
    throw Error(Exit::invalid, "'" + word + "' has no '='", "write KEY=VALUE; KEY= removes the key");
  }
  const std::string spelling = word.substr(0, equals);
  const std::string value = word.substr(equals + 1);
  if (const auto family = family_of(spelling); value.empty() && !family.empty()) {
    std::vector<Setting> all;
    std::ranges::transform(family, std::back_inserter(all), without_value);
    return all;
  }
  const Key* key = find_key(spelling);
  if (key == nullptr) throw Error(Exit::invalid, "unknown key '" + spelling + "'", suggest_key(spelling));
  Setting setting{canonical_key(*key, spelling), {}, {}};
  if (value.empty() || (setting.key == "mode" && value == "NA")) return {setting};
  if (const auto copied = copied_fault(value, 0)) throw Error(Exit::invalid, copied->text, copied->hint);
  Verdict verdict = judge(*key, spelling, value);
  if (!verdict.fault.empty()) throw Error(Exit::invalid, std::move(verdict.fault), std::move(verdict.hint));
  if (is_short(*key)) return parts_of(*key, value);
  setting.value = std::move(verdict.value);
  return {setting};
}

}  // namespace

std::vector<Interface> parse_interface(std::string_view text, const std::string& label, bool may_be_there) {
  return OptionReader(text, label, may_be_there).read();
}

std::vector<Setting> parse_settings(const std::vector<std::string>& words) {
  std::vector<Setting> out;
  std::vector<Message> messages;
  for (const std::string& word : words) {
    try {
      for (Setting& setting : parse_word(word)) {
        if (std::ranges::find(out, setting.key, &Setting::key) != out.end())
          throw Error(Exit::invalid, "'" + setting.key + "' is stated twice", "keep one of the two");
        out.push_back(std::move(setting));
      }
    } catch (const Error& error) {
      messages.insert(messages.end(), error.messages().begin(), error.messages().end());
    }
  }
  if (!messages.empty()) throw Error(Exit::invalid, std::move(messages));
  return out;
}

}  // namespace virt_iface
