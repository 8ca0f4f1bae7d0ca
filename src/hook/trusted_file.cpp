// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <deque>
#include <filesystem>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "hook/trusted_file.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// What a hook reads is obeyed as root: whoever can write it is root.
void require_trusted(const struct stat& status, const std::string& path) {
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    throw Error(Exit::invalid, Place{.file = path}, "it belongs to another user than root",
                "chown root '" + path + "'");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(Exit::invalid, Place{.file = path}, "others than its owner can write it",
                "chmod go-w '" + path + "'");
}

struct stat status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) throw system_error("cannot look at '" + path + "'", errno);
  return status;
}

/// A directory in which a part of a path was looked up.
struct Step {
  fs::path directory{};
  fs::path name{};
  bool is_link = false;
  bool leads_to_directory = false;  ///< else to a link, or to the file
};

/// Every directory that a path leads through from / on, by way of its links.
std::vector<Step> steps_to(const std::string& path) {
  constexpr int most_links = 40;  // as the kernel's
  std::vector<Step> steps;
  std::error_code failed;
  fs::path const whole = fs::absolute(path, failed);
  std::deque<fs::path> left(whole.begin(), whole.end());
  fs::path at = "/";
  for (int links = 0; !left.empty() && links <= most_links;) {
    fs::path const part = std::exchange(left.front(), {});
    left.pop_front();
    if (part.empty() || part == "/" || part == ".") continue;
    if (part == "..") {
      at = at.parent_path();
      continue;
    }
    fs::file_status const status = fs::symlink_status(at / part, failed);
    steps.push_back({at, part, fs::is_symlink(status), fs::is_directory(status)});
    if (!fs::is_symlink(status)) {
      at /= part;
      continue;
    }
    ++links;
    fs::path const target = fs::read_symlink(at / part, failed);
    if (target.is_absolute()) at = "/";
    left.insert(left.begin(), target.begin(), target.end());
  }
  return steps;
}

/// In a directory with the sticky bit others can do nothing to a directory of root's. Who owns / may do
/// everything, also where this process does not see a root of the host's (a user namespace).
void require_trusted(const Step& step) {
  std::string const path = step.directory.string();
  struct stat status = status_of(path);
  if (status.st_uid == status_of("/").st_uid) status.st_uid = 0;
  if (step.leads_to_directory && (status.st_mode & S_ISVTX) != 0)
    status.st_mode &= ~mode_t{S_IWGRP | S_IWOTH};
  require_trusted(status, path);
}

/// Nothing there is no policy; something that leads nowhere is one that cannot be read.
void require_nothing_there(const std::string& path) {
  std::vector<Step> const steps = steps_to(path);
  for (const Step& step : steps)
    if (step.is_link)
      throw Error(Exit::invalid, Place{.file = path}, "it leads by a link to nothing",
                  "see where " + (step.directory / step.name).string() + " leads");
}

}  // namespace

std::optional<std::string> read_trusted(const std::string& path) {
  Descriptor const handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!handle && (errno == ENOENT || errno == ENOTDIR)) {
    require_nothing_there(path);
    return std::nullopt;
  }
  // One that only root may read says nothing about a user's own guests.
  if (!handle && errno == EACCES && ::geteuid() != 0) return std::nullopt;
  if (!handle) throw system_error("cannot open '" + path + "'", errno);
  struct stat status {};
  if (::fstat(handle.get(), &status) != 0) throw system_error("cannot look at '" + path + "'", errno);
  if (!S_ISREG(status.st_mode))
    throw Error(Exit::invalid, Place{.file = path}, "it is not a regular file", "put a file there");
  require_trusted(status, path);
  for (const Step& step : steps_to(path)) require_trusted(step);
  return read_all(handle.get(), path);
}

}  // namespace virt_iface::hook
