// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/file.hpp"
#include "hook/settings.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// What a hook reads is obeyed as root: whoever can write it is root.
void require_trusted(int descriptor, const std::string& path) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw system_error("cannot look at '" + path + "'", errno);
  if (status.st_uid != 0 && status.st_uid != ::geteuid())
    throw Error(Exit::invalid, Place{.file = path}, "it belongs to another user than root",
                "chown root '" + path + "'");
  if ((status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(Exit::invalid, Place{.file = path}, "others than its owner can write it",
                "chmod go-w '" + path + "'");
}

void require_trusted_folder(const std::string& path) {
  std::string const folder = fs::path(path).parent_path().string();
  std::string const name = folder.empty() ? "." : folder;
  Descriptor const handle(::open(name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle) throw system_error("cannot open '" + name + "'", errno);
  require_trusted(handle.get(), name);
}

/// The path and, where it is a link, every path that the link leads to.
std::vector<std::string> chain_of_links(const std::string& path) {
  constexpr int most = 40;  // as the kernel's
  std::vector<std::string> chain{path};
  std::error_code failed;
  for (fs::path at = path; chain.size() <= most && fs::is_symlink(fs::symlink_status(at, failed));) {
    at = at.parent_path() / fs::read_symlink(at, failed);
    chain.push_back(at.string());
  }
  return chain;
}

}  // namespace

std::optional<std::string> read_owned(const std::string& path) {
  Descriptor const handle(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!handle && (errno == ENOENT || errno == ENOTDIR)) return std::nullopt;
  if (!handle) throw system_error("cannot open '" + path + "'", errno);
  require_trusted(handle.get(), path);
  for (const std::string& one : chain_of_links(path)) require_trusted_folder(one);
  return read_all(handle.get(), path);
}

}  // namespace virt_iface::hook
