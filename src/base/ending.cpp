// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/ending.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace virt_iface {
namespace {

// A handler of signals, or an allocator of a C library, can be given nothing else.
std::atomic<Exit> status_at_end{Exit::system};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
std::atomic<int> parent{-1};                    // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)
static_assert(std::atomic<Exit>::is_always_lock_free);

}  // namespace

void tell_end(int descriptor, std::string_view message, Exit status) {
  char const digit = static_cast<char>('0' + static_cast<int>(status));
  [[maybe_unused]] ssize_t ignored = ::write(descriptor, &digit, 1);
  ignored = ::write(descriptor, message.data(), message.size());
}

void ends_into(int descriptor) {
  parent = descriptor;
}

void end_at_once(std::string_view message, Exit status) {
  if (parent >= 0)
    tell_end(parent, message, status);
  else if (status != Exit::ok) [[maybe_unused]]
    ssize_t const ignored = ::write(STDERR_FILENO, message.data(), message.size());
  std::_Exit(static_cast<int>(status));
}

void ends_cut_short_with(Exit status) {
  status_at_end = status;
}

void end_cut_short(std::string_view message) {
  end_at_once(message, status_at_end);
}

}  // namespace virt_iface
