// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/temporary.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <random>
#include <string_view>

#include "base/error.hpp"

namespace virt_iface {

std::string temporary_name() {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  thread_local std::minstd_rand random{std::random_device{}()};
  std::string name = ".virt-iface.";
  for (int i = 0; i < 6; ++i) name += letters[random() % letters.size()];
  return name;
}

Temporary::Temporary(const DirectoryEntry& target, mode_t mode) : target_(target) {
  static bool const linkable = ::access("/proc/self/fd", X_OK) == 0;
  int const nameless = O_TMPFILE | O_WRONLY | O_CLOEXEC;
  if (linkable) descriptor_ = Descriptor(::openat(directory(), ".", nameless, mode));
  bool const named = !linkable || errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT;
  while (!descriptor_ && named) {
    name_ = temporary_name();
    descriptor_ =
        Descriptor(::openat(directory(), name_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode));
    if (descriptor_ || errno == EEXIST) continue;
    name_.clear();
    break;
  }
  if (!descriptor_) throw system_error("cannot make a temporary file beside '" + target.path + "'", errno);
}

Temporary::~Temporary() {
  if (!name_.empty()) ::unlinkat(directory(), name_.c_str(), 0);
}

bool Temporary::publish(bool target_exists) {
  if (name_.empty() && !target_exists) {
    if (link_as(target_.name)) return true;
    if (errno != EEXIST) return false;
  }
  if (!take_name() || !descriptor_.close()) return false;
  if (::renameat(directory(), name_.c_str(), directory(), target_.name.c_str()) != 0) return false;
  name_.clear();
  return true;
}

bool Temporary::link_as(const std::string& name) const {
  std::string const self = "/proc/self/fd/" + std::to_string(descriptor_.get());
  return ::linkat(AT_FDCWD, self.c_str(), directory(), name.c_str(), AT_SYMLINK_FOLLOW) == 0;
}

bool Temporary::take_name() {
  while (name_.empty()) {
    std::string name = temporary_name();
    if (link_as(name))
      name_ = std::move(name);
    else if (errno != EEXIST)
      return false;
  }
  return true;
}

}  // namespace virt_iface
