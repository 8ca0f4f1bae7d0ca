// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "target/edits.hpp"

namespace virt_iface {

/// Changes the template of --template; the result goes where --in-place, -o, --diff and --check say, else to
/// stdout.
Exit edit_template(const Arguments& arguments, const Edits& edits);

}  // namespace virt_iface
