// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/run_directory.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "base/error.hpp"

namespace virt_iface::hook {

namespace fs = std::filesystem;

void make_directory(const fs::path& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    throw system_error("cannot make '" + path.string() + "'", errno);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0)
    throw system_error("cannot look at '" + path.string() + "'", errno);
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(Exit::system, "'" + path.string() + "' is not a directory of its owner's alone",
                "move it away: the hook makes its own");
}

fs::path directory(const char* name) {
  fs::path const path = fs::path(run_directory) / name;
  make_directory(run_directory);
  make_directory(path);
  return path;
}

bool is_uuid(const std::string& text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

Lock::Lock(const std::string& name) : path_(directory("locks") / name) {
  struct stat status {};
  do {
    descriptor_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    int locked = descriptor_ ? ::flock(descriptor_.get(), LOCK_EX) : -1;
    while (locked != 0 && errno == EINTR) locked = ::flock(descriptor_.get(), LOCK_EX);
    if (locked != 0 || ::fstat(descriptor_.get(), &status) != 0)
      throw system_error("cannot lock '" + path_ + "'", errno);
    // Whoever held it took it away: who locks that file now keeps nobody out.
  } while (status.st_nlink == 0);
}

Lock::~Lock() {
  ::unlink(path_.c_str());
}

}  // namespace virt_iface::hook
