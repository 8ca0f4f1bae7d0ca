// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "base/replace.hpp"
#include "batch/batch_options.hpp"
#include "batch/document_editor.hpp"
#include "batch/input.hpp"

namespace virt_iface {

/// Where results go.
struct Destination {
  bool check = false;
  bool diff = false;
  bool in_place = false;
  std::string backup{};
  std::string file{};                           ///< of -o; empty: stdout
  std::string directory{};                      ///< of --output-dir
  std::set<std::string> changed_directories{};  ///< to be synced when all is done

  /// A document's file beneath the directory.
  std::string result_of(const FileName& document) const;
  bool writes() const { return !check && !diff; }
  bool to_files() const { return writes() && (in_place || !directory.empty()); }
  bool to_stdout() const { return diff || (!check && !in_place && directory.empty() && file.empty()); }
};

/// Throws Error (usage) for a --backup that has no file to keep, or makes no name for it.
void require_usable_suffix(const BatchOptions& options);

/// What the options say: -o onto the document's own file is --in-place; with the directories of --output-dir
/// made. Throws Error (usage) where they contradict each other, and where something would be written over
/// (overwriting.hpp).
Destination destination_of(const BatchOptions& options, const std::vector<FileName>& files);

/// Writes a document's file for --in-place (it is `held`) or --output-dir, and adds the warnings that this
/// gives: any thread's work. Throws Error (system).
void deliver_file(EditedDocument& result, const FileName& from, const HeldFile& held, const Destination& to);

/// A warning for what a new file could not be given of the old one.
std::vector<Message> lost_attributes(const LostAttributes& lost, const std::string& path);

/// Makes the new names of all files and directories last, once a run.
void sync_directories(const Destination& to);

/// stdout in large parts, for any thread.
class OutputBuffer {
 public:
  /// Throws Error (system).
  void add(std::string_view data);
  void flush();

 private:
  void write();

  std::mutex busy_{};
  std::string data_{};
};

}  // namespace virt_iface
