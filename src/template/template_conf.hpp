// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "conf/conf.hpp"
#include "template/form.hpp"

namespace virt_iface {

/// A spec as a new template.conf in either form. What it states, and what it leaves to defaults, reads back
/// the same. Throws Error (invalid) if a name has both kinds of quotes and needs one.
std::string write_conf(const Spec& spec, Form form);

/// The form in which a configuration says its interfaces: proposal 1 if a section uses `source`.
Form form_of(const Conf& conf);

/// Keys of [main] and sections that are for other readers.
std::vector<OtherPart> other_parts(const Conf& conf);

/// A value as it stands behind `=`: in quotes where parse_conf would else read it otherwise.
std::string quoted_value(std::string_view value);

/// The value of a setting as it stands behind `=`.
std::string written_value(const Setting& setting);

/// `key = value` lines of an interface's section, each ended by `line_end`.
std::string section_lines(const Interface& interface, Form form, std::string_view line_end);

}  // namespace virt_iface
