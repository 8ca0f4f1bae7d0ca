// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "hook/hook.hpp"
#include "xml/splice.hpp"

namespace virt_iface::hook {

/// What `run` would do with a document, doing nothing.
struct Preview {
  Exit status = Exit::ok;
  std::vector<Message> messages{};   ///< refusals and warnings
  std::vector<std::string> steps{};  ///< what would be done, one line each
  std::optional<Document> document{};
  std::optional<Spliced> result{};  ///< at migrate and restore
};

/// The operation of a whole arrival: migrate, and the check of its result before it starts here.
inline constexpr std::string_view arrival = "arrive";

/// Throws Error for a broken configuration or document.
Preview preview(const Call& call, std::string document_text);

/// The warnings of a hook.conf for no guest; that others can write it, too: it may be a copy on its way to
/// its place. Throws Error for a broken one, and where there is none.
std::vector<Message> check_conf(const std::string& path);

}  // namespace virt_iface::hook
