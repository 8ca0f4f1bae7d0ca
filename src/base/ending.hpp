// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string_view>

#include "base/error.hpp"

namespace virt_iface {

/// Ends the process where no exception may pass: in handlers of signals, below C libraries. The message, with
/// its line end, goes to stderr if the status is a failure's. Safe in a handler of signals.
[[noreturn]] void end_at_once(std::string_view message, Exit status);

/// How a child process tells its parent that it ends: the status as a digit, then the message.
void tell_end(int descriptor, std::string_view message, Exit status);

/// From now on end_at_once tells the parent at the other end of this descriptor, and nobody else.
void ends_into(int descriptor);

/// How the process ends from now on where it is cut short: by want of memory or time, or by an exception that
/// finds no way out (unless said otherwise: Exit::system).
void ends_cut_short_with(Exit status);

/// Ends it so. Safe in a handler of signals.
[[noreturn]] void end_cut_short(std::string_view message);

}  // namespace virt_iface
