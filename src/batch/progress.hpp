// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace virt_iface {

/// One line on a terminal that shows how far a batch is: nothing in the first second, and nothing where
/// stderr is no terminal.
class Progress {
 public:
  /// `total`: documents to come; 0 when that is not known. `noun`: what they are.
  Progress(bool wanted, std::size_t total, std::string noun = "documents");
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() { clear(); }

  void count_one();
  /// Takes the line away, for a message in its place.
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  bool on_;
  std::size_t total_;
  std::string noun_;
  std::size_t done_ = 0;
  bool shown_ = false;
  Clock::time_point begin_ = Clock::now();
  Clock::time_point next_ = begin_ + std::chrono::seconds(1);
};

/// `1200/100000 documents, 850/s, 1 min 57 s left`.
std::string progress_line(std::size_t done, std::size_t total, const std::string& noun, double seconds);

}  // namespace virt_iface
