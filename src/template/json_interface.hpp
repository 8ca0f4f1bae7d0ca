// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "spec/spec.hpp"
#include "template/json_text.hpp"

namespace virt_iface {

/// What an object asks for, and what is wrong with it.
struct JsonInterfaces {
  std::vector<Interface> interfaces{};  ///< one for each name
  std::vector<Message> messages{};
};

/// Whether a member at the top is one of an interface; a template has a name, too.
bool says_an_interface(const JsonNode& member);

/// An item of a template's lists: the keys of a configuration in their dotted spelling, and nothing else.
JsonInterfaces read_template_item(const JsonText& json, const JsonNode& object, Dialect dialect);

/// An interface by itself: flat, as list has it, or as the bodies of the 2016 proposal have it (`interface`
/// {type, name, mode}, `network`, `bridge`, read where `source` is absent). What only a listing knows is
/// ignored.
JsonInterfaces read_one_interface(const JsonText& json, const JsonNode& object, Dialect dialect);

/// The same of an entry of a list: checked only where it is made, as what is there already needs no leave.
/// One that a listing made (it has a `position`) gets no model where it states none.
JsonInterfaces read_list_entry(const JsonText& json, const JsonNode& object);

}  // namespace virt_iface
