// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "hook/check.hpp"
#include "hook/event.hpp"
#include "hook/move.hpp"
#include "hook/settings.hpp"

namespace virt_iface::hook {

/// One call: what libvirt said, and where the configuration is.
struct Call {
  Event event{};
  std::string conf = standard_conf;
};

/// Does what hook.conf says at this event, with the guest's document on stdin; stdout is written to only when
/// a source was rewritten. Returns the exit status; messages that go with a refusal are on stderr. Never
/// throws.
Exit run(const Call& call);

/// What `run` would do with a document, doing nothing.
struct Preview {
  Exit status = Exit::ok;
  std::vector<Message> messages{};   ///< refusals and warnings
  std::vector<std::string> steps{};  ///< what would be done, one line each
  std::optional<Document> document{};
  std::optional<Spliced> result{};  ///< at migrate and restore
};
/// Throws Error for a broken configuration or document.
Preview preview(const Call& call, std::string document_text);

}  // namespace virt_iface::hook
