// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "edit/update.hpp"
#include "spec/spec.hpp"

namespace virt_iface {

/// Moves every interface whose source a map names (exactly; the first that fits) to the map's new source.
/// Throws Error (invalid) as add_update does.
Plan retarget(const Document& document, const std::vector<SourceMap>& maps, const UpdateRules& rules,
              Renderer& renderer);

}  // namespace virt_iface
