// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/input.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "xml/encoding.hpp"

namespace virt_iface {
namespace {

constexpr std::size_t least_part = 65536;
constexpr std::size_t least_recoded = 16384;
constexpr std::size_t longest_declaration = 200;
constexpr std::size_t size_limit = std::size_t{256} << 20U;
constexpr const char* white = " \t\r\n";

/// True if nothing but comments, processing instructions and white space is there.
bool holds_no_element(std::string_view text) {
  while (true) {
    std::size_t const begin = text.find_first_not_of(white);
    if (begin == text.npos) return true;
    text.remove_prefix(begin);
    bool const comment = text.starts_with("<!--");
    if (!comment && (!text.starts_with("<?") || text.starts_with("<?xml "))) return false;
    // The end lies behind the whole beginning: <!--> is no comment yet.
    std::size_t const end = comment ? text.find("-->", 4) : text.find("?>", 2);
    if (end == text.npos) return false;
    text.remove_prefix(end + (comment ? 3 : 2));
  }
}

/// True of comments and white space, in the encoding of the document that they stand behind.
bool is_tail(const std::string& bytes, const std::string& encoding) {
  if (is_utf8_name(encoding)) return holds_no_element(bytes);
  std::string const text = decode_front(bytes, encoding);
  return encode(text, encoding) == bytes && holds_no_element(text);
}

/// The first `<`, in no text of a JSON that stands in front.
std::size_t first_tag(std::string_view text) {
  if (!begins_as_json(text)) return text.find('<');
  bool within = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"') within = !within;
    if (text[at] == '\\' && within) ++at;
    if (text[at] == '<' && !within) return at;
  }
  return std::string_view::npos;
}

}  // namespace

std::optional<Message> skip_note(const FileName* file, const Error& error) {
  if (!file || !file->listed || !error.has("other-root")) return std::nullopt;
  const Message& fault = error.messages().front();
  return Message{.severity = Severity::note,
                 .place = {.file = file->path, .line = fault.place.line},
                 .text = "skipped: " + fault.text};
}

std::size_t most_bytes(const ScanLimits& limits) {
  return limits.huge ? std::string::npos : size_limit;
}

Error too_large(const std::string& label) {
  return {Exit::invalid, Place{.file = label}, "the document is larger than 256 MiB",
          "use --huge if that is meant"};
}

StdinReader::StdinReader(Split split, ScanLimits limits) : split_(split), limits_(limits), scanner_(limits) {}
StdinReader::~StdinReader() = default;

std::string StdinReader::label() const {
  return ordinal_ <= 1 ? "<stdin>" : "<stdin>, document " + std::to_string(ordinal_);
}

/// Nothing more is read, and what was read is dropped: whoever keeps going behind a fault comes to an end.
void StdinReader::end() {
  at_end_ = true;
  buffer_.clear();
  here_ = 0;
}

/// Reads on until twice as much is there, or a NUL where documents end with one: who wrote it may wait for
/// the answer. False at the end of input.
bool StdinReader::fill() {
  if (at_end_) return false;
  if (before_waiting_) before_waiting_();
  buffer_.erase(0, here_);
  here_ = 0;
  if (buffer_.size() > most_bytes(limits_)) {
    end();
    throw too_large(label());
  }
  std::size_t size = buffer_.size();
  std::size_t const goal = std::max(least_part, 2 * size);
  buffer_.resize(goal);
  while (size < goal) {
    if (!wait_readable(STDIN_FILENO)) throw Interrupted{stop_signal()};
    ssize_t const got = ::read(STDIN_FILENO, buffer_.data() + size, goal - size);
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) {
      int const number = errno;
      end();
      throw system_error("cannot read stdin", number);
    }
    if (got == 0) at_end_ = true;
    if (got == 0) break;
    std::size_t const part = std::exchange(size, size + static_cast<std::size_t>(got));
    if (split_ == Split::nul && buffer_.find('\0', part) < size) break;
  }
  buffer_.resize(size);
  return true;
}

std::string StdinReader::take_preamble() {
  std::size_t open = first_tag(std::string_view(buffer_).substr(here_));
  while (open == std::string::npos && fill()) open = first_tag(std::string_view(buffer_).substr(here_));
  if (open != std::string::npos) open += here_;
  open = std::min(open, buffer_.size());
  open -= front_of_tag(std::string_view(buffer_).substr(here_, open - here_));
  std::string text = buffer_.substr(here_, open - here_);
  here_ = open;
  return text;
}

std::string StdinReader::take_all() {
  while (fill()) {
  }
  std::string text = buffer_.substr(here_);
  here_ = buffer_.size();
  return text;
}

std::optional<Input> StdinReader::next() {
  if (std::exchange(failed_, true)) return std::nullopt;  // where a fault was, no next document can be found
  std::optional<Input> input = split_ == Split::nul    ? next_by_nul()
                               : split_ == Split::none ? next_whole()
                                                       : next_in_stream();
  failed_ = false;
  if (input) input->ordinal = ordinal_;
  return input;
}

std::optional<Input> StdinReader::next_by_nul() {
  std::size_t end = buffer_.find('\0', here_);
  for (std::size_t seen = buffer_.size() - here_; end == buffer_.npos && fill(); seen = buffer_.size())
    end = buffer_.find('\0', seen);
  if (end == buffer_.npos && here_ == buffer_.size()) return std::nullopt;
  bool const found = end != buffer_.npos;
  ++ordinal_;
  Input input{
      .label = label(), .content = buffer_.substr(here_, found ? end - here_ : end), .ended_by_nul = found};
  here_ = found ? end + 1 : buffer_.size();
  return input;
}

/// All of it, were it nothing.
std::optional<Input> StdinReader::next_whole() {
  if (++ordinal_ > 1) return std::nullopt;
  return Input{.label = label(), .content = take_all()};
}

std::optional<Input> StdinReader::next_in_stream() {
  while (buffer_.size() - here_ < longest_declaration && fill()) {
  }
  if (here_ == buffer_.size()) return std::nullopt;
  ++ordinal_;
  std::string const before =
      std::exchange(encoding_, detect_encoding(std::string_view(buffer_).substr(here_), label()));
  if (auto document = is_utf8_name(encoding_) ? next_utf8() : next_recoded()) return document;
  std::string rest = take_all();
  if (ordinal_ > 1 && is_tail(rest, before)) return Input{.content = std::move(rest), .tail = true};
  return Input{.label = label(), .content = std::move(rest)};
}

std::optional<Input> StdinReader::next_utf8() {
  do {
    if (auto document = scanner_.scan_first(std::string_view(buffer_).substr(here_), label())) {
      here_ += document->bytes.size();
      // White space behind it may go on in what was not read yet; it is the document's.
      while (here_ == buffer_.size() && fill() && here_ < buffer_.size()) {
        std::size_t const rest = std::min(buffer_.find_first_not_of(white, here_), buffer_.size());
        document->bytes.append(buffer_, here_, rest - here_);
        here_ = rest;
      }
      if (document->root == Root::other)
        return Input{.label = label(), .content = std::move(document->bytes)};
      return Input{.label = label(), .content = std::move(*document)};
    }
  } while (fill());
  return std::nullopt;
}

/// In another encoding than UTF-8.
std::optional<Input> StdinReader::next_recoded() {
  Scanner scanner(limits_);
  for (std::size_t size = least_recoded;; size *= 2) {
    while (buffer_.size() - here_ < size && fill()) {
    }
    std::string_view const bytes = std::string_view(buffer_).substr(here_, size);
    bool const all = at_end_ && here_ + bytes.size() == buffer_.size();
    std::string const text = decode_front(bytes, encoding_);
    auto const found = scanner.scan_first(text, label());
    // White space behind it may go on in what was not decoded yet; it is the document's.
    if (found && (all || found->bytes.size() < text.size())) {
      std::string document(bytes.substr(0, source_offsets(bytes, encoding_, {found->bytes.size()}).front()));
      here_ += document.size();
      return Input{.label = label(), .content = std::move(document)};
    }
    if (all) return std::nullopt;
  }
}

InputReader::InputReader(const std::vector<FileName>& files, std::shared_ptr<StdinReader> standard_input)
    : files_(files), stdin_(std::move(standard_input)) {}

std::optional<Input> InputReader::next() {
  while (next_file_ < files_.size()) {
    const FileName& file = files_[next_file_];
    if (file.path != "-") {
      ++next_file_;
      return Input{.file = &file, .label = file.path};
    }
    if (auto input = stdin_->next()) return input;
    ++next_file_;
  }
  return std::nullopt;
}

}  // namespace virt_iface
