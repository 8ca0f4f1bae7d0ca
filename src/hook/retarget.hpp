// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "hook/settings.hpp"
#include "xml/splice.hpp"

namespace virt_iface::hook {

/// A guest's document on its way to another source.
struct Retargeted {
  Spliced document{};
  std::vector<Message> warnings{};
  std::vector<std::string> moves{};  ///< `interface 1 (macvtap on nicA): source nicA -> nicB`
  /// The same for the guest's definition: words of update, a MAC first.
  std::vector<std::vector<std::string>> updates{};
  bool changed = false;
};

/// Rewrites sources by the settings' maps. Throws Error (invalid), naming interface and rule, where that
/// would break libvirt's ABI check or remove what isolates the guest.
Retargeted retarget_sources(const Document& document, const Settings& settings);

}  // namespace virt_iface::hook
