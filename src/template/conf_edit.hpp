// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conf/conf.hpp"
#include "template/form.hpp"

namespace virt_iface {

// Each of these returns the configuration's text after one change. Every byte that the change does not
// concern stays: comments, blank lines, other sections, line ends. Sections go by their index in
// Conf::sections.

/// A new section behind the last interface's, with the next number and in the manner of its heading; else
/// behind `[interfaces]`, else at the end.
std::string with_interface(const Conf& conf, const Interface& interface);

/// `key` (any spelling of it that stands there) set to a value as it is written behind `=`.
std::string with_key(const Conf& conf, std::size_t section, std::string_view key, std::string_view value);

/// `key` set to a list of names. Of a list that stands there the names that stay keep their quotes and
/// blanks. A name that cannot be written (see quoted_value) is an error with Exit::invalid.
std::string with_list(const Conf& conf, std::size_t section, std::string_view key,
                      const std::vector<std::string>& names);

/// The line of `key` taken away, in any spelling of it.
std::string without_key(const Conf& conf, std::size_t section, std::string_view key);

/// Heading and entries taken away, with one blank line in front; comments between them stay.
std::string without_section(const Conf& conf, std::size_t section);

/// The entry of a key in any of its spellings, or nullptr.
const Entry* find_entry(const Section& section, std::string_view key);

}  // namespace virt_iface
