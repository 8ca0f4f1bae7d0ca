// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace virt_iface {

/// What a section of template.conf is for.
enum class SectionKind { main, heading, interface, retarget, other, unknown };

struct SectionMeaning {
  SectionKind kind = SectionKind::unknown;
  std::uint64_t number = 0;  ///< of an interface
  std::string hint{};        ///< of an unknown one
};

/// The meaning of a section's name as Section::name has it: every spelling of an interface's heading
/// (`interfaces.0`, and nested under `[interfaces]`: `interfaces.0`, `interface.0`, `0`), Kimchi's own
/// sections and `other_sections` (a name, or a family ending in a dot).
SectionMeaning meaning_of(std::string_view name, std::span<const std::string_view> other_sections);

}  // namespace virt_iface
