// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "edit/match.hpp"
#include "edit/plan.hpp"
#include "edit/render.hpp"
#include "spec/spec.hpp"

namespace virt_iface {

/// contract.md, "Policies of apply".
enum class Policy { ensure, converge, append, replace };

struct ApplyRequest {
  Spec spec{};
  Policy policy = Policy::ensure;
  bool strict = false;              ///< replace: also drops what was not stated
  std::vector<std::string> drop{};  ///< converge and replace: what isolates and goes where it is not stated
  bool all_types = false;           ///< replace: removes interfaces of every type
  bool implied_network = false;     ///< `default` where [main] does not say `networks`
  std::string arch{};               ///< of a document that does not say it; empty: the host's
  Libvirt libvirt = 0;              ///< which is to carry the result
};

/// Makes sure that domains have the interfaces asked for. Keeps what it has rendered: one a thread.
class Applier {
 public:
  explicit Applier(ApplyRequest request) : request_(std::move(request)) {}

  /// Throws Error (invalid): a conflict under `ensure`, a value this domain cannot have, a MAC, alias, boot
  /// order or index taken twice, nothing wanted under `replace`.
  /// `first`: the plan of another description of the same guest, made before; what was paired there is paired
  /// here, too, and what is new has the same stable MAC and device.
  Plan plan(const Document& document, const Plan* first = nullptr);

 private:
  struct Prepared {
    std::vector<Wanted> wanted{};
    std::vector<Message> warnings{};  ///< until a plan has them
  };
  Prepared& prepared(const DomainTraits& traits);

  ApplyRequest request_;
  Renderer renderer_{};
  std::map<std::string, Prepared> prepared_{};  // by arch and type of the domain
};

/// The traits of a document's domain for that libvirt; `arch` where it does not say, else the host's.
DomainTraits traits_of(const Domain& domain, const std::string& arch, Libvirt libvirt = 0);

}  // namespace virt_iface
