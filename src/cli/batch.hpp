// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/input.hpp"
#include "cli/processor.hpp"

namespace virt_iface {

/// Makes of a document what is to be written; keeps state of its own, so one a thread. Throws Error: then
/// nothing of the document is written.
using Process = std::function<Processed(Input)>;

/// What one run is about.
struct Batch {
  std::vector<FileName> files{};
  std::shared_ptr<StdinReader> input{};
  std::function<Process()> make_process{};  ///< called once a thread
};

/// Takes the documents in their order, --jobs at once, and delivers the results as the options say; messages,
/// progress and summary to stderr. Throws Error (usage) where the options contradict each other, and
/// Interrupted when it was stopped.
Exit run_batch(const Arguments& arguments, const Batch& batch);

}  // namespace virt_iface
