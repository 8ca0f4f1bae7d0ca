// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "base/file.hpp"

namespace virt_iface {

using HeldDirectory = std::shared_ptr<const Descriptor>;

/// A file's name in a directory that is held open. Whoever swaps that directory, or one above it, for another
/// or for a link leads nobody elsewhere.
struct DirectoryEntry {
  HeldDirectory directory{};
  std::string name{};
  std::string path{};         ///< as it stands in messages
  bool follows_links = true;  ///< false: what is a link now was none when it was listed, and is refused
};

/// The directory that a path lies in: `.` for a bare name.
std::string directory_of(const std::string& path);

/// Holds a directory open, following links. Throws Error (system).
HeldDirectory hold_directory(const std::string& path);

/// The same of a directory beneath `root`, with no link on the way to it. `label` stands in messages.
HeldDirectory hold_directory_beneath(const Descriptor& root, const std::string& path,
                                     const std::string& label);

/// The entry that a path names: no link in it has been followed but those to its directory.
DirectoryEntry entry_at(const std::string& path);

/// The entry that a chain of links, which this one may begin, ends in; it need not exist. Throws Error
/// (system).
DirectoryEntry link_target(DirectoryEntry entry);

/// Opens the file for reading, and makes `entry` what a chain of links led to. Errors, and the wait for a
/// pipe's writer, are open_file's.
Descriptor open_entry(DirectoryEntry& entry);

}  // namespace virt_iface
