// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "edit/plan.hpp"
#include "edit/render.hpp"
#include "edit/unique.hpp"
#include "spec/changed.hpp"

namespace virt_iface {

struct UpdateRules {
  std::vector<std::string> drop{};  ///< what isolates and may be lost, as isolating_words()
  std::string drop_front =
      Droppable().front;  ///< how a hint says that it may: what stands before and behind the word
  std::string drop_back{};
  std::string arch{};   ///< of a document that does not say it
  Libvirt libvirt = 0;  ///< which is to carry the result

  Droppable droppable() const { return {drop, drop_front, drop_back, libvirt}; }
};

/// An interface that becomes another: its element as far as the change is concerned, with all that its new
/// type cannot carry, and what that loses beside its keys.
struct Left {
  Element had{};
  std::vector<Message> warnings{};
};

Left left_by(const Document& document, std::size_t position, const Interface& before, const Interface& after,
             const DomainTraits& traits, Renderer& renderer);

/// Changes interfaces of one document: what may stand in it only once is remembered from one call to the
/// next.
class Updater {
 public:
  /// `first`: the plan of another description of the same guest, made before; the same interface, which has
  /// the same MAC, gets there and here the same stable MAC and device.
  Updater(const Document& document, UpdateRules rules, Renderer& renderer, const Plan* first = nullptr);

  /// Takes on a change of keys of the interface at `position` (from 1), each position once; an empty value
  /// takes the key away. What the interface's new type cannot carry goes, with a warning; what isolates the
  /// guest only if the rules name it. Throws Error (invalid): a type we do not make, a value that the
  /// interface cannot have.
  void change(std::size_t position, const std::vector<Setting>& settings, Plan& plan);

  /// Makes what was taken on, all at once: what one interface leaves another may get. `refused` hears what
  /// the domain cannot have of an interface; without it that is thrown, as Error (invalid).
  void finish(Plan& plan,
              const std::function<void(std::size_t position, const Error& error)>& refused = nullptr);
  /// The same change of several interfaces.
  void update(const std::vector<std::size_t>& positions, const std::vector<Setting>& settings, Plan& plan);

  const Document& document() const { return document_; }

 private:
  struct Pending {
    std::size_t position = 0;
    std::string what{};
    Interface before{};
    Interface after{};
    bool new_mac = false;  // a stable one, in place of another or none
    Settled same{};        // in the guest's other description
  };

  Pending changed(std::size_t position, const std::vector<Setting>& settings, Plan& plan);
  void finish(Pending& pending, Plan& plan);
  void resolve_stable_macs();
  void resolve_stable_mac(Interface& after, const Settled& same);
  Settled same_of(const std::string& mac);
  void require_teams() const;

  const Document& document_;
  UpdateRules rules_;
  Renderer& renderer_;
  Taken taken_;
  std::vector<Pending> pending_{};
  bool has_teams_;                                 // failover pairs, among those present
  std::set<std::string> new_macs_{};               // stable ones, not all of which count as taken yet
  std::vector<Settled> first_;                     // of the other description, those not met here yet
  std::map<std::string, std::size_t> ordinals_{};  // of stable MACs, the next one among equals
};

}  // namespace virt_iface
