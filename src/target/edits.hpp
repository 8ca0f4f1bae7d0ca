// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "batch/document_editor.hpp"
#include "edit/apply.hpp"
#include "live/guest_plan.hpp"
#include "target/options.hpp"
#include "template/template_file.hpp"
#include "view/select.hpp"

namespace virt_iface {

/// What a command does to interfaces, written once for whatever it works on.
struct Edits {
  std::optional<Selector> selector{};  ///< of update and detach
  /// Decides of a document or guest that this libvirt is to carry; called once a thread.
  std::function<ScopedPlanner(Libvirt)> make_planner{};
  /// The same of a template: `positions` are those of the selector, from 0.
  std::function<TemplateChange(const TemplateFile&, const std::vector<std::size_t>& positions)> in_template{};
  std::vector<Interface>
      asked{};              ///< what --check-host looks at before anything is read; none: each plan's changes
  bool takes_away = false;  ///< over all guests it needs --yes
  std::function<std::vector<Message>()> closing{};  ///< what is said at the end, over all documents or guests
};

/// The edits of apply and attach.
Edits applying(ApplyRequest request);

/// Carries them out on what `target` says, and delivers the results as the options say; messages to stderr.
/// `words` name documents and directories. Throws Interrupted when it was stopped.
Exit run_edits(const Arguments& arguments, Target target, const Edits& edits,
               const std::vector<std::string>& words, const std::shared_ptr<StdinReader>& input);

}  // namespace virt_iface
