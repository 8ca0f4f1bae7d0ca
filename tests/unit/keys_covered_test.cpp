// SPDX-License-Identifier: LGPL-2.1-or-later
// A key is a row in the table, a golden case and a paragraph in the man page.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>

#include "table/keys.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

const fs::path source = VIRT_IFACE_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The key as files are named after it: a family without its dot.
std::string plain(const Key& key) {
  return std::string(key.name.substr(0, key.name.find_last_not_of('.') + 1));
}

/// True if a line of the golden case that begins with `front` puts the key on that type.
bool is_tried(const std::string& cmd, std::string_view front, const Key& key, std::string_view type) {
  std::istringstream lines(cmd);
  for (std::string line; std::getline(lines, line);) {
    auto const has = [&](std::string_view word) { return line.find(word) != line.npos; };
    std::string const name(key.name);
    bool const by_alias = !key.alias.empty() && has(std::string(key.alias) + '=');
    bool const stated = key.name.ends_with('.') ? has(name) : has(name + '=') || by_alias;
    if (line.starts_with(std::string(front) + "type=" + std::string(type) + ',') && stated) return true;
  }
  return false;
}

/// The words of the lines behind .TP: what the paragraphs are about.
std::set<std::string> paragraphs_of(const fs::path& page) {
  std::set<std::string> words;
  std::ifstream file(page);
  for (std::string line, before; std::getline(file, line); before = line) {
    if (before != ".TP") continue;
    std::string word;
    for (char c : line + ' ')
      if (c == ' ' || c == '"')
        words.insert(std::exchange(word, {}));
      else
        word += c;
  }
  return words;
}

/// The commands of the cases that are about one type.
std::string cases_of(std::string_view type) {
  std::string all;
  for (const auto& entry : fs::directory_iterator(source / "tests/golden/types"))
    if (entry.path().filename().string().starts_with(type)) all += text_of(entry.path() / "cmd");
  if (type == "user") all += text_of(source / "tests/golden/types/passt/cmd");
  return all;
}

TEST(KeysCovered, EachHasAGoldenCaseThatTakesAndRefusesIt) {
  std::set<std::string> names;
  for (const Key& key : keys()) {
    std::string const name = plain(key);
    names.insert(name);
    fs::path const directory = source / "tests/golden/keys" / name;
    for (const char* file : {"cmd", "stdout", "stderr", "accepted"})
      EXPECT_FALSE(text_of(directory / file).empty()) << directory / file << " is missing";
    std::string const cmd = text_of(directory / "cmd");
    EXPECT_NE(cmd.find("refuses "), cmd.npos) << name << " is nowhere refused";
    for (std::string_view const type : words(made_types())) {
      bool const taken = (key.types & type_bit(type)) != 0;
      bool const tried = is_tried(cmd, taken ? "" : "refuses '", key, type);
      // Where a type has cases of its own, they try each of its keys.
      std::string const own = cases_of(type);
      EXPECT_TRUE(tried || (!own.empty() && (!taken || is_tried(own, "", key, type))))
          << name << " is not " << (taken ? "taken" : "refused") << " on " << type;
    }
  }
  for (const auto& entry : fs::directory_iterator(source / "tests/golden/keys"))
    EXPECT_TRUE(!entry.is_directory() || names.contains(entry.path().filename()))
        << entry.path() << " is of no key";
}

TEST(KeysCovered, EachHasAParagraphInTheManPage) {
  std::set<std::string> const paragraphs = paragraphs_of(source / "man/virt-iface.conf.5");
  for (const Key& key : keys()) {
    // A family's stands with the user's part in italics.
    auto const first = paragraphs.lower_bound(std::string(key.name));
    bool const found = first != paragraphs.end() &&
                       (key.name.ends_with('.') ? first->starts_with(key.name) : *first == key.name);
    EXPECT_TRUE(found) << key.name << " has no paragraph in virt-iface.conf.5";
  }
}

/// The types that the paragraph of a key names behind `On:`, without what stands in brackets.
std::set<std::string> types_in(const std::string& page, const Key& key) {
  const std::string front = "\n.TP\n.B " + std::string(key.name);
  const std::size_t begin = page.find(front + (key.is_family() ? "" : "\n"));
  const std::size_t on = page.find("On: ", begin);
  const std::size_t end = page.find("\n.", on);
  if (begin == page.npos || on > page.find("\n.TP", begin + 1)) return {};
  std::string text = page.substr(on + 4, end - on - 4);
  text = std::regex_replace(text, std::regex(R"(\([^)]*\))"), "");
  text = std::regex_replace(text, std::regex(R"(([;.]|, (with|where|but not|in|without) )[^]*)"), "");
  std::set<std::string> out;
  const bool all = text.starts_with("all types");
  for (const std::string_view type : words(made_types())) {
    const bool named = std::regex_search(text, std::regex("\\b" + std::string(type) + "\\b"));
    if (named != all) out.emplace(type);
  }
  return out;
}

TEST(KeysCovered, TheManPageSaysOnWhichTypes) {
  const std::string page = text_of(source / "man/virt-iface.conf.5");
  for (const Key& key : keys()) {
    if (key.name == "type" || key.name == "source" || key.name == "mode" || key.name == "model" ||
        key.name == "mac")
      continue;  // they have paragraphs of another form
    std::set<std::string> types;
    for (const std::string_view type : words(made_types()))
      if ((key.types & type_bit(type)) != 0) types.emplace(type);
    EXPECT_EQ(types_in(page, key), types) << key.name;
  }
}

}  // namespace
}  // namespace virt_iface
