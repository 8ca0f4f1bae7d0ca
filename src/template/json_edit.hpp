// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "base/splice.hpp"
#include "template/json_text.hpp"

namespace virt_iface {

/// How a text is laid out.
struct JsonLayout {
  bool lines = false;   ///< a member a line
  std::string unit{};   ///< indentation of one level
  std::string comma{};  ///< between two on one line
  std::string colon{};
  std::string eol = "\n";
};

JsonLayout layout_of(const JsonText& json);

// Each of these returns edits of the JSON text, in the layout that stands around it. Every byte that the
// change does not concern stays.

/// A value in the place of another.
Edit set_node(const JsonText& json, const JsonLayout& layout, const JsonNode& node,
              const nlohmann::ordered_json& value);

/// Values (an array of one or more) behind the last of an array.
Edit add_items(const JsonText& json, const JsonLayout& layout, const JsonNode& array,
               const nlohmann::ordered_json& values);

/// Removes the items of an array at these indices, which ascend.
EditList remove_items(const JsonNode& array, const std::vector<std::size_t>& indices);

/// A new member behind the last of the outermost object.
Edit add_member(const JsonText& json, const JsonLayout& layout, std::string_view key,
                const nlohmann::ordered_json& value);

}  // namespace virt_iface
