// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/hold.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <tuple>

#include "base/signals.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

auto fields(const timespec& time) {
  return std::tuple(time.tv_sec, time.tv_nsec);
}

bool has_open(const fs::path& process, const struct stat& file) {
  std::error_code failed;
  for (fs::directory_iterator fd(process / "fd", failed), end; !failed && fd != end; fd.increment(failed)) {
    struct stat status {};
    if (::stat(fd->path().c_str(), &status) == 0 && status.st_dev == file.st_dev &&
        status.st_ino == file.st_ino)
      return true;
  }
  return false;
}

/// A process that has the file open, as far as we may look. Who called flock(2) need not live any more.
std::string holder_of(const struct stat& file) {
  std::string const self = std::to_string(::getpid());
  std::error_code failed;
  for (fs::directory_iterator process("/proc", failed), end; !failed && process != end;
       process.increment(failed)) {
    std::string const number = process->path().filename().string();
    if (!to_number(number) || number == self || !has_open(process->path(), file)) continue;
    try {
      return "process " + number + " (" + std::string(trim(read_file(process->path() / "comm"))) + ")";
    } catch (const Error&) {  // it has ended
    }
  }
  return "another process";
}

/// True when no other process of ours holds it; false when it is not known, as on some network file systems.
bool lock(const Descriptor& file, const std::string& path, Clock::time_point deadline) {
  while (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    if (int const signal = stop_signal()) throw Interrupted{signal};
    if (Clock::now() >= deadline) {
      struct stat status {};
      ::fstat(file.get(), &status);
      throw Locked(Exit::system, "'" + path + "' is locked by " + holder_of(status),
                   "it was left as it is; run again when that process is done with it");
    }
    pause_for(10);
  }
  return true;
}

}  // namespace

FileVersion version_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .written = status.st_mtim,
          .changed = status.st_ctim};
}

bool is_unchanged(const FileVersion& before, const FileVersion& now, bool linked_meanwhile) {
  auto const all = [](const FileVersion& v) {
    return std::tuple(v.device, v.inode, v.size, fields(v.written));
  };
  return all(before) == all(now) && (linked_meanwhile || fields(before.changed) == fields(now.changed));
}

HeldFile hold_file(const DirectoryEntry& entry, std::size_t enough, std::chrono::milliseconds patience) {
  Clock::time_point const deadline = Clock::now() + patience;
  while (true) {
    HeldFile held{.entry = entry};
    held.lock = open_entry(held.entry);
    bool const locked = lock(held.lock, entry.path, deadline);
    struct stat mine {};
    if (::fstat(held.lock.get(), &mine) != 0)
      throw system_error("cannot look at '" + entry.path + "'", errno);
    // Whoever held it may have put another one in its place meanwhile.
    struct stat there {};
    int const found =
        ::fstatat(held.entry.directory->get(), held.entry.name.c_str(), &there, AT_SYMLINK_NOFOLLOW);
    bool const stale = locked && found == 0 && there.st_ino != mine.st_ino;
    if (stale && Clock::now() < deadline) continue;
    held.version = version_of(mine);
    held.data = read_enough(held.lock.get(), entry.path, enough);
    return held;
  }
}

HeldFile hold_file(const std::string& path, std::size_t enough) {
  return hold_file(entry_at(path), enough);
}

std::optional<HeldFile> stdin_if_file(const std::string& path) {
  struct stat own {};
  struct stat there {};
  bool const same = ::fstat(STDIN_FILENO, &own) == 0 && S_ISREG(own.st_mode) &&
                    ::stat(path.c_str(), &there) == 0 && own.st_dev == there.st_dev &&
                    own.st_ino == there.st_ino;
  if (!same) return std::nullopt;
  return HeldFile{.entry = link_target(entry_at(path)),
                  .lock = Descriptor(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)),
                  .version = version_of(own)};
}

}  // namespace virt_iface
