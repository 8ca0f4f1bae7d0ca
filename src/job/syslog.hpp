// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "base/error.hpp"

namespace virt_iface::hook {

/// Writes to the system's log (facility daemon): what a hook says on stderr is lost unless it fails.
void log_message(Severity severity, const std::string& text);

/// The messages one by one, each with the guest's name in front.
void log_messages(const std::string& guest, const std::vector<Message>& messages);

/// One line without the source line and the caret: a configuration may hold what a log should not.
std::string one_line(const Message& message);

}  // namespace virt_iface::hook
