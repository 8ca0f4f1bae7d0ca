// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <vector>

#include "edit/plan.hpp"
#include "xml/document.hpp"
#include "xml/splice.hpp"

namespace virt_iface {

// What keeps a fault of ours, or a library that behaves otherwise than the one we know, from destroying a
// document.

/// Throws Error (invalid) unless each edit stays within an interface, or takes whole ones away, or adds whole
/// ones. Cheap: nothing is read again.
void require_interfaces_only(const Document& document, const std::vector<Edit>& edits);

/// Throws Error (invalid) unless `after`, the scanned result, holds exactly the interfaces that `changes` to
/// `before` lead to. Both are of one domain.
void require_as_decided(const Document& document, const Domain& before, const std::vector<Change>& changes,
                        const Domain& after);

}  // namespace virt_iface
