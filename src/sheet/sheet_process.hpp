// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>

#include "base/keeper.hpp"
#include "sheet/stylesheet.hpp"
#include "sheet/transform.hpp"

namespace virt_iface {

/// A user's stylesheet, ready to run in processes of its own: one XPath function can run or grow without end,
/// and nothing but the end of its process stops it. Made while this process has one thread.
std::shared_ptr<const Keeper> keep_sheet(std::shared_ptr<const Stylesheet> sheet,
                                         Stylesheet::Parameters parameters);

/// The process that runs it for one thread: started for the first document, and anew after one that met a
/// limit.
class SheetProcess {
 public:
  explicit SheetProcess(std::shared_ptr<const Keeper> keeper) : keeper_(std::move(keeper)) {}

  /// As transform_document; also throws Error where a limit is met or the process is killed (the next
  /// document does not notice), and Interrupted.
  TransformedDocument transform(const std::string& bytes, const std::string& file);

 private:
  std::shared_ptr<const Keeper> keeper_;
  Descriptor connection_{};
};

}  // namespace virt_iface
