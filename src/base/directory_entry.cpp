// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/directory_entry.hpp"

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace virt_iface {
namespace {

constexpr int most_links = 40;
constexpr int directory_flags = O_PATH | O_DIRECTORY | O_CLOEXEC;

/// Name by name, for a kernel (before 5.6) or a seccomp filter that knows no openat2(2).
int open_step_by_step(int root, std::string_view path) {
  Descriptor here(::openat(root, ".", directory_flags));
  while (here && !path.empty()) {
    std::size_t const end = std::min(path.find('/'), path.size());
    std::string const name(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
    if (name.empty() || name == ".") continue;
    if (name == "..") return errno = EXDEV, -1;
    here = Descriptor(::openat(here.get(), name.c_str(), directory_flags | O_NOFOLLOW));
  }
  return here.release();
}

int open_beneath(int root, const std::string& path) {
  open_how how{};
  how.flags = directory_flags;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  long const opened = ::syscall(SYS_openat2, root, path.c_str(), &how, sizeof how);
  if (opened >= 0 || (errno != ENOSYS && errno != EPERM)) return static_cast<int>(opened);
  return open_step_by_step(root, path);
}

/// Where a link leads to; nothing where there is none.
std::optional<std::string> link_text(const DirectoryEntry& entry) {
  std::array<char, PATH_MAX> text{};
  ssize_t const size = ::readlinkat(entry.directory->get(), entry.name.c_str(), text.data(), text.size());
  if (size >= 0) return std::string(text.data(), static_cast<std::size_t>(size));
  if (errno == EINVAL || errno == ENOENT) return std::nullopt;
  throw system_error("cannot look at '" + entry.path + "'", errno);
}

Error cannot_follow(const DirectoryEntry& entry, int number) {
  return system_error("cannot follow '" + entry.path + "'", number);
}

std::string name_of(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// One link on. False: there is none.
bool follow(DirectoryEntry& entry) {
  auto const text = link_text(entry);
  if (!text) return false;
  Descriptor next(::openat(entry.directory->get(), directory_of(*text).c_str(), directory_flags));
  if (!next) throw cannot_follow(entry, errno);
  entry.directory = std::make_shared<const Descriptor>(std::move(next));
  entry.name = name_of(*text);
  return true;
}

}  // namespace

std::string directory_of(const std::string& path) {
  std::size_t const slash = path.rfind('/');
  return slash == path.npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

HeldDirectory hold_directory(const std::string& path) {
  Descriptor held(::open(path.c_str(), directory_flags));
  if (!held) throw system_error("cannot open the directory '" + path + "'", errno);
  return std::make_shared<const Descriptor>(std::move(held));
}

HeldDirectory hold_directory_beneath(const Descriptor& root, const std::string& path,
                                     const std::string& label) {
  Descriptor held(open_beneath(root.get(), path));
  if (!held && (errno == ELOOP || errno == EXDEV || errno == ENOTDIR))
    throw Error(Exit::system, "'" + label + "' is reached by a symbolic link that was not there before",
                "it was not opened; run again when nobody changes the directory");
  if (!held) throw system_error("cannot open the directory of '" + label + "'", errno);
  return std::make_shared<const Descriptor>(std::move(held));
}

DirectoryEntry entry_at(const std::string& path) {
  return {.directory = hold_directory(directory_of(path)), .name = name_of(path), .path = path};
}

DirectoryEntry link_target(DirectoryEntry entry) {
  for (int links = 0; links < most_links; ++links)
    if (!follow(entry)) return entry;
  throw cannot_follow(entry, ELOOP);
}

Descriptor open_entry(DirectoryEntry& entry) {
  for (int links = 0; links < most_links; ++links) {
    // A link cannot be opened this way; what is behind it is held by its own directory from then on.
    if (Descriptor file =
            open_in(entry.directory->get(), entry.name, entry.path, {.only_regular = !entry.follows_links}))
      return file;
    if (!entry.follows_links)
      throw Error(Exit::system, "'" + entry.path + "' is a symbolic link now and was none when it was listed",
                  "it was not opened; links are not followed below -r");
    follow(entry);
  }
  throw cannot_follow(entry, ELOOP);
}

}  // namespace virt_iface
