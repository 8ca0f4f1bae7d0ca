// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/deadline.hpp"

#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <string_view>

#include "base/memory.hpp"

namespace virt_iface::hook {
namespace {

// A signal handler can be given nothing else.
volatile std::sig_atomic_t status_at_end = 0;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

void set_timer(std::chrono::seconds limit) {
  itimerval timer{};
  timer.it_value.tv_sec = static_cast<time_t>(limit.count());
  setitimer(ITIMER_REAL, &timer, nullptr);
}

void handle_alarm(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigaction(SIGALRM, &action, nullptr);
}

[[noreturn]] void end_at_once(std::string_view text) {
  if (status_at_end != 0) [[maybe_unused]]
    ssize_t const ignored = ::write(STDERR_FILENO, text.data(), text.size());
  _exit(status_at_end);
}

/// std::filesystem's iterators let no exception out, not even the one about memory.
[[noreturn]] void end_of_ways() {
  end_at_once("virt-iface: error: the hook could not go on (out of memory?)\n");
}

}  // namespace

extern "C" {
static void end_of_time(int) {
  end_at_once("virt-iface: error: the hook did not come to an end in time\n");
}
}

Deadline::Deadline(std::chrono::seconds limit, Exit at_end)
    : usual_terminate_(std::set_terminate(end_of_ways)) {
  ends_with(at_end);
  handle_alarm(end_of_time);
  sigset_t alarm;
  sigemptyset(&alarm);
  sigaddset(&alarm, SIGALRM);
  sigprocmask(SIG_UNBLOCK, &alarm, nullptr);
  set_timer(limit);
}

Deadline::~Deadline() {
  set_timer(std::chrono::seconds(0));
  handle_alarm(SIG_DFL);
  without_memory_ends_with(Exit::system);
  std::set_terminate(usual_terminate_);
}

void Deadline::ends_with(Exit status) {
  status_at_end = static_cast<int>(status);
  without_memory_ends_with(status);
}

}  // namespace virt_iface::hook
