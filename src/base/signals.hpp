// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

namespace virt_iface {

/// While it lives, SIGINT, SIGTERM and SIGHUP ask the program to stop instead of ending it; the same one
/// again ends it at once. A signal that was ignored (nohup) stays ignored. One at a time.
class StopSignals {
 public:
  StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;
  ~StopSignals();
};

/// The signal that asked to stop, or 0.
int stop_signal();

/// Waits until the descriptor can be read (true) or a stop is asked for (false).
bool wait_readable(int descriptor);

/// Waits so long, or until a stop is asked for.
void pause_for(int milliseconds);

/// From now on a connection that breaks is an error of the call that writes to it, and does not end the
/// program by SIGPIPE.
void survive_broken_pipes();

/// Ends the program by SIGPIPE, as a reader who went away expects, if it was survived until now.
void end_by_broken_pipe();

/// Thrown by what was stopped, when all is tidied up: the exit status is 128 + the signal's number.
struct Interrupted {
  int signal = 0;
};

}  // namespace virt_iface
