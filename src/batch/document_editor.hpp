// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/input.hpp"
#include "batch/name_register.hpp"
#include "edit/plan.hpp"
#include "sheet/sheet_process.hpp"
#include "xml/scan.hpp"
#include "xml/schema.hpp"

namespace virt_iface {

/// Decides what becomes of a document; keeps state of its own, so one a thread. `first`: of a snapshot's
/// second domain, the plan of the first; else nullptr.
using Planner = std::function<Plan(const Document&, const Plan* first)>;

/// What is done with every document besides its plan; shared by all threads.
struct Processing {
  ScanLimits limits{};
  std::shared_ptr<const Schema> schema{};      ///< nullptr: results are not validated
  std::shared_ptr<const Keeper> stylesheet{};  ///< what runs one, by keep_sheet; nullptr: none
  bool check = false;
  bool diff = false;
  bool colour = false;
  bool to_files = false;  ///< then a result is read again before it is written
};

/// A document on its way out.
struct EditedDocument {
  std::string name{};    ///< the domain's
  std::string output{};  ///< the whole result, or the diff
  bool changed = false;
  std::vector<Message> drift{};   ///< with --check: what would change, or what ensure refuses to change
  std::string identity{};         ///< see identity_of()
  std::vector<HeldMac> macs{};    ///< of all interfaces, as the result has them
  std::vector<HeldName> names{};  ///< of their devices, but those that libvirt gives
  Plan plan{};                    ///< without its edits
  std::optional<Error> error{};   ///< what is wrong with it: then only its name is known
};

/// Reads, plans, writes and checks one document after the other.
class DocumentEditor {
 public:
  DocumentEditor(const Processing& how, Planner planner);

  /// Throws Error for what cannot be read, and has it in its result for all else; then nothing of the
  /// document may be written.
  EditedDocument process(Input input);

 private:
  EditedDocument edited(Document document);
  Plan planned(const Document& document, const Plan* first) const;
  std::vector<Change> plan_inactive(Document& document, EditedDocument& result);
  void style(const Document& document, Spliced& spliced, Plan& plan);
  Spliced written(const Document& document, Plan& plan, const std::vector<Change>& inactive);

  const Processing& how_;
  Scanner scanner_;
  Planner planner_;
  SheetProcess stylesheet_;
};

}  // namespace virt_iface
