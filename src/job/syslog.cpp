// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/syslog.hpp"

#include <syslog.h>

#include "base/text.hpp"

namespace virt_iface::hook {

void log_message(Severity severity, const std::string& text) {
  int const priority = severity == Severity::error     ? LOG_ERR
                       : severity == Severity::warning ? LOG_WARNING
                                                       : LOG_NOTICE;
  openlog("virt-iface", LOG_PID, LOG_DAEMON);
  syslog(priority, "%s", printable(text).c_str());
  closelog();
}

void log_messages(const std::string& guest, const std::vector<Message>& messages) {
  for (const Message& message : messages)
    log_message(message.severity, "guest " + guest + ": " + one_line(message));
}

std::string one_line(const Message& message) {
  std::string text;
  if (!message.place.file.empty()) {
    text = message.place.file;
    if (message.place.line != 0) text += ':' + std::to_string(message.place.line);
    text += ": ";
  }
  text += message.text;
  if (!message.hint.empty()) text += " (" + message.hint + ')';
  return text;
}

}  // namespace virt_iface::hook
