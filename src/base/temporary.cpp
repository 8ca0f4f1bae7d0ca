// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/temporary.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <string_view>

#include "base/error.hpp"
#include "base/replace.hpp"

namespace virt_iface {

std::string temporary_name(const std::string& folder) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  thread_local std::minstd_rand random{std::random_device{}()};
  std::string name = folder + "/.virt-iface.";
  for (int i = 0; i < 6; ++i) name += letters[random() % letters.size()];
  return name;
}

Temporary::Temporary(const std::string& target, mode_t mode) : target_(target), folder_(folder_of(target)) {
  static bool const linkable = ::access("/proc/self/fd", X_OK) == 0;
  int const nameless = O_TMPFILE | O_WRONLY | O_CLOEXEC;
  if (linkable) descriptor_ = Descriptor(::open(folder_.c_str(), nameless, mode));
  bool const named = !linkable || errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT;
  while (!descriptor_ && named) {
    name_ = temporary_name(folder_);
    descriptor_ = Descriptor(::open(name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode));
    if (descriptor_ || errno == EEXIST) continue;
    name_.clear();
    break;
  }
  if (!descriptor_) throw system_error("cannot make a temporary file beside '" + target + "'", errno);
}

Temporary::~Temporary() {
  if (!name_.empty()) ::unlink(name_.c_str());
}

bool Temporary::publish(bool target_exists) {
  if (name_.empty() && !target_exists) {
    if (link_as(target_)) return true;
    if (errno != EEXIST) return false;
  }
  if (!take_name() || !descriptor_.close() || ::rename(name_.c_str(), target_.c_str()) != 0) return false;
  name_.clear();
  return true;
}

std::string Temporary::release() {
  if (!take_name() || !descriptor_.close()) return {};
  return std::exchange(name_, {});
}

bool Temporary::link_as(const std::string& name) const {
  std::string const self = "/proc/self/fd/" + std::to_string(descriptor_.get());
  return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool Temporary::take_name() {
  while (name_.empty()) {
    std::string name = temporary_name(folder_);
    if (link_as(name))
      name_ = std::move(name);
    else if (errno != EEXIST)
      return false;
  }
  return true;
}

}  // namespace virt_iface
