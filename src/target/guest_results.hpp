// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "batch/progress.hpp"
#include "batch/report.hpp"
#include "batch/summary.hpp"
#include "target/guests.hpp"

namespace virt_iface {

/// What became of the guests of one run, as a batch has it of documents: messages, --report, summary, status.
class GuestResults {
 public:
  GuestResults(const Arguments& arguments, const std::vector<Estate>& estates);

  void say(const std::vector<Message>& messages);
  /// One more guest of this step is behind us: a line of progress on a terminal.
  void count(const char* step);
  /// `number`: its place among the guests. Reported in the order of the calls.
  void done(std::size_t number, const GuestPlan& plan, std::vector<Change> changes);
  void failed(std::size_t number, const Error& error);
  /// It fails before anything is changed, and the run with it, which says why: for the report.
  void stopped(std::size_t number, const Error& error);

  /// The end of the run: which guests are done, failed and untouched where one failed and not all was tried;
  /// MACs that several share; the summary. The worst status.
  Exit finish();

 private:
  DocumentResult failure(std::size_t number, const Error& error) const;
  Message progress() const;

  const Arguments& arguments_;
  const std::vector<Estate>& estates_;
  std::vector<Member> members_;
  std::vector<FileName> names_;  // for the summary
  Summary summary_;
  Report report_;
  std::optional<Progress> progress_{};
  std::string step_{};
  std::vector<std::size_t> done_{};
  std::vector<std::size_t> failed_{};
  Exit status_ = Exit::ok;
};

}  // namespace virt_iface
