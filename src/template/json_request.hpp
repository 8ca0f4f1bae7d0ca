// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "spec/spec.hpp"
#include "template/json_text.hpp"

namespace virt_iface {

/// Whether it is a template: an object with one of its lists, or with no key of an interface but `name` at
/// its top, so that half an interface never asks for the network default.
bool is_template(const JsonText& json);

/// What a JSON configuration asks for: a list of interfaces, one interface, or a template. Throws Error
/// (invalid) with every fault; entries of several domains are one.
Spec read_json_request(const JsonText& json, Dialect dialect = Dialect::proposal);

}  // namespace virt_iface
