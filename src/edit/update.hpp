// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "edit/plan.hpp"
#include "edit/render.hpp"
#include "edit/unique.hpp"
#include "spec/interface.hpp"

namespace virt_iface {

struct UpdateRules {
  std::vector<std::string> drop{};  ///< isolating keys (vlan, port.isolated, filterref) that may be lost
  std::string arch{};               ///< of a document that does not say it
};

/// Changes interfaces of one document, one after the other: what may stand in it only once is remembered from
/// one to the next.
class Updater {
 public:
  Updater(const Document& document, UpdateRules rules, Renderer& renderer);

  /// Changes keys of the interface at `position` (from 1); an empty value takes the key away. What the
  /// interface's new type cannot carry goes, with a warning; what isolates the guest only if the rules name
  /// it. Throws Error (invalid): a type we do not make, a value that the interface or the domain cannot have.
  void update(std::size_t position, const std::vector<Setting>& settings, Plan& plan);

  const Document& document() const { return document_; }

 private:
  void resolve_stable_mac(const Interface& before, Interface& after);

  const Document& document_;
  UpdateRules rules_;
  Renderer& renderer_;
  Taken taken_;
  std::map<std::string, std::size_t> ordinals_{};  // of stable MACs, the next one among equals
};

}  // namespace virt_iface
