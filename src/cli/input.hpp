// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "xml/document.hpp"
#include "xml/scan.hpp"

namespace virt_iface {

/// One document on its way in.
struct Input {
  std::string path{};                             ///< the file; empty for stdin
  std::string label{};                            ///< for messages
  std::variant<std::string, Document> content{};  ///< bytes, or scanned already
  bool ended_by_nul = false;                      ///< with -0: a NUL stood behind it, and follows the output
  bool tail = false;  ///< no document: comments behind the last one, copied as they are
};

/// Standard input, read a part at a time: one document after the other, in memory only until the next one.
class StdinReader {
 public:
  /// `nul`: documents are separated by NUL.
  StdinReader(bool nul, ScanLimits limits);
  StdinReader(const StdinReader&) = delete;
  StdinReader& operator=(const StdinReader&) = delete;
  ~StdinReader();

  /// The text before the first `<`: a configuration in front of the documents.
  std::string take_preamble();
  /// Everything, as one text: a configuration on `-c -`.
  std::string take_all();
  /// Throws Error (invalid), naming the ordinal, at a document that is not well-formed.
  std::optional<Input> next();

 private:
  std::optional<Input> next_by_nul();
  std::optional<Input> next_in_stream();
  void end();
  bool fill();
  std::string label() const;

  bool nul_;
  ScanLimits limits_;
  Scanner scanner_;
  std::string buffer_{};
  std::size_t here_ = 0;
  bool at_end_ = false;
  bool failed_ = false;
  std::size_t ordinal_ = 0;
};

/// The documents of a command line: files, `-` for stdin, and stdin when no file is named.
class InputReader {
 public:
  InputReader(std::vector<std::string> files, std::shared_ptr<StdinReader> standard_input);
  std::optional<Input> next();

 private:
  std::vector<std::string> files_;
  std::size_t next_file_ = 0;
  std::shared_ptr<StdinReader> stdin_;
};

}  // namespace virt_iface
