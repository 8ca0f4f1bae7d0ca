// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/deadline.hpp"

#include <sys/time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstring>
#include <string_view>

#include "base/ending.hpp"

namespace virt_iface::hook {
namespace {

// A handler of signals can be given nothing else.
std::atomic<const char*> awaited{nullptr};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<const char*>::is_always_lock_free);

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

/// std::filesystem's iterators let no exception out, not even the one about memory.
[[noreturn]] void end_of_ways() {
  end_cut_short("virt-iface: error: the hook could not go on (out of memory?)\n");
}

}  // namespace

extern "C" {
static void end_of_time(int) {
  std::array<char, 200> text{};
  constexpr std::string_view begin = "virt-iface: error: the hook did not come to an end in time";
  std::memcpy(text.data(), begin.data(), begin.size());
  std::size_t size = begin.size();
  if (const char* what = awaited) {
    constexpr std::string_view link = ": it waited for ";
    std::memcpy(text.data() + size, link.data(), link.size());
    size += link.size();
    std::size_t const length = std::min(std::strlen(what), text.size() - size - 1);
    std::memcpy(text.data() + size, what, length);
    size += length;
  }
  text[size++] = '\n';
  end_cut_short({text.data(), size});
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
  ends_cut_short_with(Exit::system);
  std::set_terminate(usual_terminate_);
}

void Deadline::waits_for(const char* what) {
  awaited = what;
}

void Deadline::ends_with(Exit status) {
  ends_cut_short_with(status);
}

}  // namespace virt_iface::hook
