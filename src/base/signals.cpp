// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/signals.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>

#include "base/error.hpp"

namespace virt_iface {
namespace {

constexpr std::array<int, 3> signals{SIGINT, SIGTERM, SIGHUP};

// A handler has nothing but what is global. The pipe wakes those that wait, whichever thread took the signal.
std::atomic<int> received{0};
std::atomic<int> wake_reader{-1};
std::atomic<int> wake_writer{-1};
static_assert(std::atomic<int>::is_always_lock_free);
std::atomic<bool> pipes_survived{false};

void remember(int signal) {
  int const error = errno;
  received = signal;
  ssize_t const written = ::write(wake_writer, "", 1);
  static_cast<void>(written);  // full: whoever waits is awake already
  errno = error;
}

/// False when a stop came first. A negative descriptor is waited for by time alone.
bool wait(int descriptor, int milliseconds) {
  std::array<pollfd, 2> files{{{.fd = wake_reader, .events = POLLIN, .revents = 0},
                               {.fd = descriptor, .events = POLLIN, .revents = 0}}};
  while (received == 0) {
    int const ready = ::poll(files.data(), files.size(), milliseconds);
    if (ready < 0 && errno != EINTR) return true;  // the read that follows tells what is wrong
    if (files[1].revents != 0 || ready == 0) return received == 0;
  }
  return false;
}

}  // namespace

StopSignals::StopSignals() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) throw system_error("cannot make a pipe", errno);
  received = 0;
  wake_reader = ends[0];
  wake_writer = ends[1];
  struct sigaction action {};
  action.sa_handler = remember;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (int const signal : signals) {
    struct sigaction old {};
    ::sigaction(signal, &action, &old);
    if (old.sa_handler == SIG_IGN) ::sigaction(signal, &old, nullptr);
  }
}

StopSignals::~StopSignals() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int const signal : signals) {
    struct sigaction old {};
    ::sigaction(signal, nullptr, &old);
    if (old.sa_handler == remember) ::sigaction(signal, &usual, nullptr);
  }
  ::close(wake_reader.exchange(-1));
  ::close(wake_writer.exchange(-1));
}

int stop_signal() {
  return received;
}

bool wait_readable(int descriptor) {
  return wait(descriptor, -1);
}

void pause_for(int milliseconds) {
  wait(-1, milliseconds);
}

void survive_broken_pipes() {
  void (*const before)(int) = std::signal(SIGPIPE, SIG_IGN);
  if (before == SIG_DFL) pipes_survived = true;
}

void end_by_broken_pipe() {
  if (!pipes_survived) return;
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
}

}  // namespace virt_iface
