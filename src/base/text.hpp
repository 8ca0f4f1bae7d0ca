// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  ///< ASCII only
std::string join(std::span<const std::string> parts, std::string_view separator);

/// A whole decimal number without sign, or nothing (overflow included).
std::optional<std::uint64_t> to_number(std::string_view text);

/// The candidate nearest to `word` (Damerau-Levenshtein, at most a third of its length away), or empty.
std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates);

/// `did you mean X?`, or empty when nothing is near.
std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates);

/// The hint where something that is not there was named: `did you mean X?`, else what there is.
std::string named_instead(std::string_view word, const std::vector<std::string>& there);

/// True if `text` is valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
bool is_utf8(std::string_view text);

/// The length of the longest front part of `text` that is valid UTF-8.
std::size_t utf8_prefix(std::string_view text);

/// The text as it may go to a terminal: control characters (but tabs), those that turn the direction of
/// writing among them, and bytes that are not UTF-8 as `\xNN`.
std::string printable(std::string_view text);

/// True if the kernel could have a network device of that name: 1 to 15 bytes, no slash, colon or white
/// space.
bool is_device_name(std::string_view name);

/// Whether a text is JSON and no configuration: it begins with `{`, or with `[` and then `{` or `]`, behind
/// white space.
bool begins_as_json(std::string_view text);

/// A hint that names what of a template stands unfilled in a line (`{{ name }}`, `{% if %}`, `<%= %>`,
/// `${NAME}`, `%s`), or empty.
std::string leftover_hint(std::string_view line);

}  // namespace virt_iface
