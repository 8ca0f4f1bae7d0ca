// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <string>

#include "base/hold.hpp"
#include "batch/input.hpp"

namespace virt_iface {

/// Reads the documents' files, one thread's after the other. Those that were listed beneath a directory are
/// opened without following links.
class FileReader {
 public:
  /// `most`: bytes of a document.
  explicit FileReader(std::size_t most) : most_(most) {}

  /// Throws Error (system; invalid where it is too large), and Interrupted.
  std::string read(const FileName& file);
  /// The same of one that is to be replaced. Each file that somebody has locked is waited for only half as
  /// long as the one before: one user of the host cannot hold up a run.
  HeldFile hold(const FileName& file);

 private:
  DirectoryEntry entry_of(const FileName& file);
  HeldDirectory beneath(const FileName& file);

  std::size_t most_;
  // Of the last one, which stay open for the next:
  std::string directory_path_{};
  HeldDirectory directory_{};
  std::shared_ptr<const ListedDirectory> listed_{};
  HeldDirectory root_{};  // it, or nothing
  std::chrono::milliseconds patience_ = usual_patience;
};

/// The error of a document; of one that is not there and is called as guests are, with how those are named.
Error with_hint(const Error& error, const std::string& path);

}  // namespace virt_iface
