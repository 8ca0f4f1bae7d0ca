// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "cli/arguments.hpp"
#include "cli/record.hpp"

namespace virt_iface {

/// --template FILE: a template.conf or a template object in JSON stands in place of the documents.
options::options_description template_options();

// What list, show, attach, update and detach do then. Each throws Error. The changed template goes where
// --in-place, -o, --diff and --check say, else to stdout.
Exit list_template(const Arguments& arguments, const RecordFormat& how);
Exit show_template(const Arguments& arguments, const RecordFormat& how);
Exit attach_to_template(const Arguments& arguments);
Exit update_template(const Arguments& arguments);
Exit detach_from_template(const Arguments& arguments);

}  // namespace virt_iface
