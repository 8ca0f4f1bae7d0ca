// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "batch/batch_options.hpp"
#include "batch/document_editor.hpp"
#include "batch/input.hpp"

namespace virt_iface {

/// Makes of a document what is to be written; keeps state of its own, so one a thread. Throws Error: then
/// nothing of the document is written.
using Process = std::function<EditedDocument(Input)>;

/// What one run is about.
struct Batch {
  std::vector<FileName> files{};
  std::shared_ptr<StdinReader> input{};
  std::function<Process()> make_process{};          ///< called once a thread
  std::function<std::vector<Message>()> closing{};  ///< said at the end, over all documents; may be empty
  bool of_guests = false;                           ///< a document that is not there may be meant as a guest
};

/// Takes the documents in their order, --jobs at once, and delivers the results as the options say; messages,
/// progress and summary to stderr. Throws Error (usage) where the options contradict each other, and
/// Interrupted when it was stopped.
Exit run_batch(const BatchOptions& options, const Batch& batch);

}  // namespace virt_iface
