// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "template/json_text.hpp"

namespace virt_iface {

// Each of these returns the JSON text after one change, in the layout that stands around it. Every byte that
// the change does not concern stays.

/// A value in the place of another.
std::string with_node(const JsonText& json, const JsonNode& node, const nlohmann::ordered_json& value);

/// A value behind the last of an array.
std::string with_item(const JsonText& json, const JsonNode& array, const nlohmann::ordered_json& value);

/// The item of an array taken away.
std::string without_item(const JsonText& json, const JsonNode& array, std::size_t index);

/// A new member behind the last of the outermost object.
std::string with_member(const JsonText& json, std::string_view key, const nlohmann::ordered_json& value);

}  // namespace virt_iface
