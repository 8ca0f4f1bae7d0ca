// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <string>

#include "base/file.hpp"

namespace virt_iface {

bool wants_colour(int descriptor) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if ((no_colour && *no_colour) || (terminal && std::string_view(terminal) == "dumb")) return false;
  return ::isatty(descriptor) == 1;
}

std::size_t columns_of_stdout() {
  struct winsize size {};
  return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void tell(const std::vector<Message>& messages, MessageStyle style) {
  MessageFormat const how{.style = style,
                          .colour = style == MessageStyle::text && wants_colour(STDERR_FILENO)};
  std::string text;
  for (const Message& message : messages) text += format(message, how);
  tell_text(text);
}

void tell_text(std::string_view text) {
  while (!text.empty()) {
    ssize_t const written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      wait_for_room(STDERR_FILENO);
      continue;
    }
    if (written <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Exit worse(Exit a, Exit b) {
  return std::max(a, b);
}

}  // namespace virt_iface
