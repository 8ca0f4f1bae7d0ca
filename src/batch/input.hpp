// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "xml/document.hpp"
#include "xml/scan.hpp"

namespace virt_iface {

/// A directory that was named with -r, and which one that was.
struct ListedDirectory {
  std::string path{};
  std::uint64_t device = 0;
  std::uint64_t inode = 0;

  /// The rest of a path that begins with this one's.
  std::string inside(const std::string& file) const {
    return file.substr(std::min(file.find_first_not_of('/', path.size()), file.size()));
  }
};

/// A document's file as the user named it.
struct FileName {
  std::string path{};                               ///< `-` is stdin
  std::string below{};                              ///< with --output-dir: where it lands beneath that
  std::shared_ptr<const ListedDirectory> listed{};  ///< beneath what it was found; nullptr: it was named
};

/// One document on its way in.
struct Input {
  const FileName* file = nullptr;                 ///< nullptr: it comes from stdin
  std::string label{};                            ///< for messages
  std::variant<std::string, Document> content{};  ///< bytes, or scanned already; nothing yet of a file
  bool ended_by_nul = false;                      ///< with -0: a NUL stood behind it, and follows the output
  bool tail = false;             ///< no document: comments behind the last one, copied as they are
  std::size_t ordinal = 0;       ///< on stdin, from 1
  std::optional<Error> fault{};  ///< what came in place of a document
};

/// What is said where a file found beneath a directory holds another of libvirt's documents, and is skipped;
/// nothing where `error` is one. `file`: nullptr for stdin.
std::optional<Message> skip_note(const FileName* file, const Error& error);

/// How many bytes a document may have, and the error of one that has more.
std::size_t most_bytes(const ScanLimits& limits);
Error too_large(const std::string& label);

/// Where one document on stdin ends: behind its root's end tag, at a NUL, or at the end of input.
enum class Split { documents, nul, none };

/// Standard input, read a part at a time: one document after the other, in memory only until the next one.
class StdinReader {
 public:
  StdinReader(Split split, ScanLimits limits);
  StdinReader(const StdinReader&) = delete;
  StdinReader& operator=(const StdinReader&) = delete;
  ~StdinReader();

  /// The text before the first `<`: a configuration in front of the documents.
  std::string take_preamble();
  /// Everything, as one text: a configuration on `-c -`.
  std::string take_all();
  /// Called before each wait for more.
  void before_waiting(std::function<void()> call) { before_waiting_ = std::move(call); }
  /// Throws Error (invalid), naming the ordinal, at a document that is none of ours: the stream ends with it.
  std::optional<Input> next();

 private:
  std::optional<Input> next_by_nul();
  std::optional<Input> next_in_stream();
  /// The document in front; nullopt where none has an end.
  std::optional<Input> next_utf8();
  std::optional<Input> next_recoded();
  std::optional<Input> next_whole();
  void end();
  bool fill();
  std::string label() const;

  Split split_;
  ScanLimits limits_;
  Scanner scanner_;
  std::string buffer_{};
  std::size_t here_ = 0;
  bool at_end_ = false;
  bool failed_ = false;
  std::size_t ordinal_ = 0;
  std::string encoding_{};  // of the document before
  std::function<void()> before_waiting_{};
};

/// The documents of a command line in their order. Files are named, not read: that is each thread's own work.
class InputReader {
 public:
  InputReader(const std::vector<FileName>& files, std::shared_ptr<StdinReader> standard_input);
  /// Throws what StdinReader::next throws, and Interrupted where waiting for stdin was stopped.
  std::optional<Input> next();

 private:
  const std::vector<FileName>& files_;
  std::size_t next_file_ = 0;
  std::shared_ptr<StdinReader> stdin_;
};

}  // namespace virt_iface
