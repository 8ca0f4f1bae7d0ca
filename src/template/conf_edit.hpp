// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/splice.hpp"
#include "conf/conf.hpp"
#include "template/form.hpp"

namespace virt_iface {

// Each of these returns edits of the configuration's text. Every byte that the change does not concern stays:
// comments, blank lines, other sections, line ends.

/// New sections behind the last interface's, with the next numbers and in the manner of its heading; else
/// behind `[interfaces]`, else at the end.
EditList add_interfaces(const Conf& conf, std::span<const Interface> interfaces);

/// Several keys of one section.
struct KeyChanges {
  std::vector<Setting> set{};          ///< with each value as it is written behind `=`
  std::vector<std::string> removed{};  ///< the lines of these keys
};

/// A key goes by any spelling of it that stands there; a new one follows the last that stays.
EditList change_keys(const Conf& conf, const Section& section, const KeyChanges& changes);

/// `key` as a list of names, as it is written behind `=`. Of a list that stands there the names that stay
/// keep their quotes and blanks. A name that cannot be written (see quoted_value) is an error with
/// Exit::invalid.
std::string list_value(const Conf& conf, const Section& section, std::string_view key,
                       const std::vector<std::string>& names);

/// Removes the headings and entries of sections, which come in their order, each with one blank line in
/// front; comments between the entries stay.
EditList remove_sections(const Conf& conf, const std::vector<const Section*>& sections);

/// The entry of a key in any of its spellings, or nullptr.
const Entry* find_entry(const Section& section, std::string_view key);

}  // namespace virt_iface
