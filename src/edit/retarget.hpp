// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "edit/update.hpp"
#include "spec/spec.hpp"

namespace virt_iface {

/// The first map that names the interface's source, or nullptr.
const SourceMap* map_of(const Element& interface, const std::vector<SourceMap>& maps);

/// What `map` changes of an interface that is of that type.
std::vector<Setting> settings_of(const SourceMap& map, const std::string& type);

/// Moves every interface whose source a map names (exactly; the first that fits, see typed_first) to the
/// map's new source. Throws Error (invalid) as Updater::update does.
Plan retarget(const Document& document, const std::vector<SourceMap>& maps, const UpdateRules& rules,
              Renderer& renderer, const Plan* first = nullptr);

}  // namespace virt_iface
