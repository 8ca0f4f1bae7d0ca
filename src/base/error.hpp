// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// Exit statuses of the program. Over several documents the worst counts: system, invalid, changed, ok.
enum class Exit { ok = 0, changed = 1, usage = 2, invalid = 3, system = 4 };

/// Where something stands. Line and column count from 1, the column in characters; 0 means unknown.
struct Place {
  std::string file{};  ///< as the user named it; `<stdin>`, `--interface`; empty: no place at all
  std::size_t line = 0;
  std::size_t column = 0;
  std::string source_line{};  ///< the text of that line, without its line end; empty: not shown
  std::size_t cut = 0;        ///< characters of that line left out before source_line (long lines only)
  bool by_line = false;  ///< people are shown file and line, the column by the caret alone (template.conf)
};

enum class Severity { error, warning, note };

/// One thing to report: what is wrong, where, and a hint.
struct Message {
  Severity severity = Severity::error;
  Place place{};
  std::string text{};  ///< one sentence, lower case, without a full stop
  std::string hint{};  ///< what to do about it; empty: nothing known
  /// Which fault this is, for whoever decides by it, as `no-free-slot`: a literal, which stays when the text
  /// is worded anew; empty: nobody has asked yet.
  std::string_view id{};
};

/// The one error type: thrown where it is found, caught in main (and once a document in a batch).
class Error : public std::exception {
 public:
  Error(Exit status, std::vector<Message> messages);
  Error(Exit status, Message message);
  Error(Exit status, std::string text, std::string hint = {});
  Error(Exit status, Place place, std::string text, std::string hint = {});

  Exit status() const noexcept { return status_; }
  const std::vector<Message>& messages() const noexcept { return messages_; }
  bool has(std::string_view id) const noexcept;  ///< one of the messages is that one
  const char* what() const noexcept override;

 private:
  Exit status_;
  std::vector<Message> messages_;
};

/// An error of the system: `text: strerror(number)`, status 4.
Error system_error(const std::string& text, int number);

/// Finds places in one text. Each takes up where the last one was, so that many in a row cost one pass over
/// the text, were it a single line.
class PlaceFinder {
 public:
  /// As place_in, of the same text in every call (it may have grown at its end).
  Place find(const std::string& file, std::string_view text, std::size_t offset);

 private:
  std::size_t offset_ = 0;
  std::size_t line_ = 1;
  std::size_t line_begin_ = 0;
  std::size_t line_end_ = 0;
  std::size_t characters_ = 0;                 // of the line before offset_
  std::size_t size_ = std::string_view::npos;  // of the text in which line_end_ was found
};

/// The place of byte `offset` in `text`, with its source line, of which a very long one is cut to the
/// neighbourhood of `offset`. `offset` may be text.size().
Place place_in(const std::string& file, std::string_view text, std::size_t offset);

/// The same for a caller that knows the line: its number, and the offset at which it begins.
Place place_in_line(const std::string& file, std::string_view text, std::size_t offset, std::size_t line,
                    std::size_t line_begin);

/// How messages are written: for people (`file:line:column: error: text (hint)`, the source line, a caret);
/// one JSON object a line; or as annotations of GitHub's workflows.
enum class MessageStyle { text, json, github };

/// The style that --error-format names; text where it names none.
MessageStyle message_style(std::string_view word);

struct MessageFormat {
  MessageStyle style = MessageStyle::text;
  bool colour = false;
};

/// The message as text, each of its lines ended by a newline.
std::string format(const Message& message, MessageFormat how);

}  // namespace virt_iface
