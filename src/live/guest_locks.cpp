// SPDX-License-Identifier: LGPL-2.1-or-later
#include "live/guest_locks.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <functional>
#include <set>
#include <string>

namespace virt_iface {
namespace {

/// Root's is nobody else's: a user who could hold it could stop the hook's job.
std::string lock_path() {
  if (::geteuid() == 0) return "/run/virt-iface.lock";
  const char* const directory = std::getenv("XDG_RUNTIME_DIR");
  return directory == nullptr ? std::string() : std::string(directory) + "/virt-iface.lock";
}

/// One byte of the file stands for a guest.
off_t byte_of(const Guest& guest) {
  return static_cast<off_t>(std::hash<std::string>()(guest.uuid) >> 2U);
}

}  // namespace

GuestLocks::GuestLocks(const std::vector<Guest>& guests)
    : file_(::open(lock_path().c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  if (!file_) return;
  std::set<off_t> bytes;
  for (const Guest& guest : guests) bytes.insert(byte_of(guest));
  for (off_t const byte : bytes) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = byte;
    lock.l_len = 1;
    while (::fcntl(file_.get(), F_OFD_SETLKW, &lock) != 0 && errno == EINTR) continue;
  }
}

}  // namespace virt_iface
