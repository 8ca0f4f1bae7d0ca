// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace virt_iface {

enum class JsonKind { object, array, string, number, literal };

/// A JSON value with the bytes that it stands on: nlohmann::json knows no places.
struct JsonNode {
  JsonKind kind = JsonKind::literal;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t key_begin = 0;         ///< of the key's quote, in an object
  std::string key{};                 ///< in an object
  std::string text{};                ///< of a string: decoded; of numbers, true, false, null: as written
  std::vector<JsonNode> children{};  ///< of objects and arrays

  /// The member of an object, or nullptr.
  const JsonNode* find(std::string_view name) const;
};

/// What is null is as if it were absent.
bool is_null(const JsonNode& node);

/// A JSON text and its outermost value.
struct JsonText {
  std::string file{};
  std::string text{};
  JsonNode root{};

  mutable PlaceFinder places{};  ///< every node has one

  Place place(const JsonNode& node) const { return places.find(file, text, node.begin); }
  Place key_place(const JsonNode& node) const { return places.find(file, text, node.key_begin); }
};

/// Parses one JSON value. Throws Error (invalid) with the place of a syntax error, a key twice, or nesting
/// deeper than 100.
JsonText parse_json(std::string text, std::string file);

}  // namespace virt_iface
