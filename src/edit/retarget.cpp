// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/retarget.hpp"

#include <algorithm>

#include "view/types.hpp"

namespace virt_iface {
const SourceMap* map_of(const Element& interface, const std::vector<SourceMap>& maps) {
  std::string const type = type_of(interface);
  std::string const source = source_of(interface);
  const Type* row = find_type(type);
  if (source.empty() && (row == nullptr || row->source_is != SourceIs::none)) return nullptr;
  auto const map = std::find_if(maps.begin(), maps.end(), [&](const SourceMap& m) {
    return m.from == source && (m.from_type.empty() || m.from_type == type);
  });
  return map == maps.end() ? nullptr : &*map;
}

std::vector<Setting> settings_of(const SourceMap& map, const std::string& type) {
  std::vector<Setting> settings{{"source", map.to, map.place}};
  std::string const to_type = map.to_type.empty() ? type : map.to_type;
  if (!map.to_type.empty()) settings.push_back({"type", to_type, map.place});
  std::string mode = map.to_mode;
  const bool stated = std::ranges::find(map.keys, "mode", &Setting::key) != map.keys.end();
  if (mode.empty() && !stated && to_type == "macvtap" && type != "macvtap") mode = "bridge";
  if (!mode.empty()) settings.push_back({"mode", mode, map.place});
  for (const Setting& setting : map.keys) settings.push_back({setting.key, setting.value, map.place});
  return settings;
}

Plan retarget(const Document& document, const std::vector<SourceMap>& maps, const UpdateRules& rules,
              Renderer& renderer, const Plan* first) {
  Plan plan;
  Updater updater(document, rules, renderer, first);
  for (std::size_t i = 0; i < document.domain.interfaces.size(); ++i)
    if (const SourceMap* map = map_of(document.domain.interfaces[i], maps))
      updater.change(i + 1, settings_of(*map, type_of(document.domain.interfaces[i])), plan);
  updater.finish(plan);
  return plan;
}

}  // namespace virt_iface
