// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "target/edits.hpp"

namespace virt_iface {

/// All is planned before anything is changed; then one guest after the other, until one fails: the message
/// names those done, failed and untouched (--keep-going goes on). --diff and --check change nothing.
Exit edit_guests(const Arguments& arguments, const Edits& edits);

}  // namespace virt_iface
