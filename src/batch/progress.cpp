// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/progress.hpp"

#include <unistd.h>

#include <cmath>
#include <utility>

#include "base/terminal.hpp"

namespace virt_iface {
namespace {

std::string duration(double seconds) {
  auto const whole = static_cast<long long>(std::ceil(seconds));
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600) return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + std::to_string(whole % 3600 / 60) + " min";
}

}  // namespace

std::string progress_line(std::size_t done, std::size_t total, const std::string& noun, double seconds) {
  double const rate = static_cast<double>(done) / seconds;
  std::string line = std::to_string(done);
  if (total != 0) line += '/' + std::to_string(total);
  line += ' ' + noun + ", " + std::to_string(std::llround(rate)) + "/s";
  if (total > done && done != 0) line += ", " + duration(static_cast<double>(total - done) / rate) + " left";
  return line;
}

Progress::Progress(bool wanted, std::size_t total, std::string noun)
    : on_(wanted && ::isatty(STDERR_FILENO) == 1), total_(total), noun_(std::move(noun)) {}

void Progress::count_one() {
  if (!on_) return;
  ++done_;
  Clock::time_point const now = Clock::now();
  if (now < next_) return;
  next_ = now + std::chrono::milliseconds(200);
  shown_ = true;
  tell_text("\r\033[K" +
            progress_line(done_, total_, noun_, std::chrono::duration<double>(now - begin_).count()));
}

void Progress::clear() {
  if (shown_) tell_text("\r\033[K");
  shown_ = false;
}

}  // namespace virt_iface
