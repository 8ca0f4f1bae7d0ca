// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "spec/spec.hpp"
#include "template/form.hpp"
#include "template/json_text.hpp"

namespace virt_iface {

/// The meaning of a template object in either form, our own keys in their dotted spelling. Other members of
/// the object are ignored. Throws Error (invalid) with every fault.
Spec read_template_json(const JsonText& json, Dialect dialect = Dialect::proposal);

/// The form in which a template object says its interfaces.
Form form_of(const JsonText& json);

/// Members that are for other readers.
std::vector<OtherPart> other_parts(const JsonText& json);

/// An interface as a member of `interfaces` (or of proposal 1's `networks`).
nlohmann::ordered_json interface_json(const Interface& interface, Form form);

/// The template object of a spec. What it states, and what it leaves to defaults, reads back the same.
std::string write_template_json(const Spec& spec, Form form);

}  // namespace virt_iface
