// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
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
  try_write_all(STDERR_FILENO, text);  // there is nobody else to say it to
}

Exit worse(Exit a, Exit b) {
  return std::max(a, b);
}

}  // namespace virt_iface
