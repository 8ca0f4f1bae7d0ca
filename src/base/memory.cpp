// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/memory.hpp"

#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <string_view>

namespace virt_iface {
namespace {

// An allocator of a C library is given nothing else.
std::atomic<Exit> status_at_end{Exit::system};  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

}  // namespace

void without_memory_ends_with(Exit status) {
  status_at_end = status;
}

void end_without_memory() {
  constexpr std::string_view text = "virt-iface: error: out of memory\n";
  Exit const status = status_at_end;
  if (status != Exit::ok) [[maybe_unused]]
    ssize_t const ignored = ::write(STDERR_FILENO, text.data(), text.size());
  std::_Exit(static_cast<int>(status));
}

}  // namespace virt_iface
