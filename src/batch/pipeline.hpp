// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sys/resource.h>

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace virt_iface {

/// Work on a row of items by several threads, with the results in the order of the items and never more than
/// a few of them in memory. With one job everything happens on the calling thread.
template <class Item, class Result>
class Pipeline {
 public:
  using Work = std::function<Result(Item)>;

  struct Steps {
    std::function<std::optional<Item>()> next;  ///< one thread at a time; nothing: that was all
    std::function<Work()> make_work;            ///< called once a thread, on that thread
    std::function<bool(Result)> emit;           ///< one thread at a time, in order; false: take no more items
  };

  Pipeline(Steps steps, unsigned jobs) : steps_(std::move(steps)), jobs_(jobs), waiting_(8 * jobs) {}

  /// Returns when every item taken was emitted. What a step throws ends the row and is thrown here. Where the
  /// system gives fewer threads than there are jobs, those do the work.
  void run() {
    rlim_t const jobs = std::min<rlim_t>(jobs_, most_threads());
    std::vector<std::jthread> others;
    others.reserve(jobs);
    try {
      for (rlim_t i = 1; i < jobs; ++i) others.emplace_back([this] { guard(); });
    } catch (const std::system_error&) {
    }
    guard();
    others.clear();
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  /// How many threads the address space (`ulimit -v`) holds, with a stack, a heap of glibc's and room for
  /// documents each. To start as many as the system gives would leave nothing for their work.
  static rlim_t most_threads() {
    rlim_t constexpr each = 256U << 20U;
    rlimit limit{};
    bool const known = getrlimit(RLIMIT_AS, &limit) == 0;
    return known && limit.rlim_cur != RLIM_INFINITY ? limit.rlim_cur / each : RLIM_INFINITY;
  }

  void guard() {
    try {
      Work const work = steps_.make_work();
      while (auto item = take()) put(item->first, work(std::move(item->second)));
    } catch (...) {
      std::lock_guard const lock(state_);
      if (!failure_) failure_ = std::current_exception();
      ended_ = true;
      room_.notify_all();
    }
  }

  std::optional<std::pair<std::size_t, Item>> take() {
    std::lock_guard const input(input_);
    {
      std::unique_lock lock(state_);
      room_.wait(lock, [this] { return ended_ || taken_ - emitted_ < waiting_.size(); });
      if (ended_) return std::nullopt;
    }
    std::optional<Item> item = steps_.next();
    std::lock_guard const lock(state_);
    if (!item) ended_ = true;
    if (!item) return std::nullopt;
    return std::pair(taken_++, std::move(*item));
  }

  /// Keeps a result until its turn. Whoever brings the one that the others waited for emits them all.
  void put(std::size_t index, Result result) {
    std::unique_lock lock(state_);
    waiting_[index % waiting_.size()] = std::move(result);
    if (emitting_) return;
    emitting_ = true;
    while (auto& slot = waiting_[emitted_ % waiting_.size()]) {
      Result next = std::move(*slot);
      slot.reset();
      lock.unlock();
      bool const go_on = steps_.emit(std::move(next));
      lock.lock();
      ++emitted_;
      if (!go_on) ended_ = true;
      room_.notify_all();
    }
    emitting_ = false;
  }

  Steps steps_;
  unsigned jobs_;
  std::mutex input_{};  // held while the next item is fetched
  std::mutex state_{};  // guards all below
  std::condition_variable room_{};
  std::vector<std::optional<Result>> waiting_;
  std::size_t taken_ = 0;
  std::size_t emitted_ = 0;
  bool emitting_ = false;
  bool ended_ = false;
  std::exception_ptr failure_{};
};

}  // namespace virt_iface
