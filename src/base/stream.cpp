// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/stream.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <limits>

#include "base/error.hpp"
#include "base/replace.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

namespace fs = std::filesystem;

/// /proc/PID/fd of this process, or /proc/PID/task/TID/fd of a thread.
bool holds_own_descriptors(const fs::path& directory) {
  std::error_code failed;
  fs::path const self = fs::canonical("/proc/self", failed);
  if (failed || directory.filename() != "fd") return false;
  return directory.parent_path() == self || directory.parent_path().parent_path() == self / "task";
}

Descriptor duplicate(int number, const std::string& path) {
  // All that the program opened for itself is closed on exec: not what was meant.
  int const flags = ::fcntl(number, F_GETFD);
  if (flags >= 0 && (flags & FD_CLOEXEC) != 0) errno = EBADF;
  Descriptor copy(flags == 0 ? ::fcntl(number, F_DUPFD_CLOEXEC, 0) : -1);
  if (!copy) throw system_error("cannot open '" + path + "'", errno);
  return copy;
}

}  // namespace

std::optional<int> own_descriptor(const std::string& path) {
  fs::path here = path;
  std::error_code failed;
  for (int links = 0; links < 40; ++links) {
    fs::path const directory = fs::canonical(directory_of(here.string()), failed);
    if (failed) break;
    if (holds_own_descriptors(directory)) {
      auto const number = to_number(here.filename().string());
      if (!number || *number > std::numeric_limits<int>::max()) return std::nullopt;
      return static_cast<int>(*number);
    }
    fs::path const next = fs::read_symlink(directory / here.filename(), failed);
    if (failed) break;
    here = directory / next;
  }
  return std::nullopt;
}

Descriptor open_stream(const std::string& path) {
  if (auto const number = own_descriptor(path)) return duplicate(*number, path);
  struct stat status {};
  bool const stream =
      ::stat(path.c_str(), &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode));
  return stream ? open_to_write(path) : Descriptor();
}

}  // namespace virt_iface
