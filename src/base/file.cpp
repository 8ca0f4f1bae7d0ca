// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <utility>

#include "base/error.hpp"

namespace virt_iface {
namespace {

/// A file descriptor that is closed once.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  int get() const { return number_; }
  /// close(2), whose failure may be the first word of a full disk. False: see errno.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

/// A temporary file that is gone again unless it was kept.
class Temporary {
 public:
  explicit Temporary(const std::string& beside)
      : path_(beside + ".XXXXXX"), descriptor_(::mkostemp(path_.data(), O_CLOEXEC)) {
    if (descriptor_.get() < 0)
      throw system_error("cannot make a temporary file beside '" + beside + "'", errno);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!kept_) ::unlink(path_.c_str());
  }
  Descriptor& descriptor() { return descriptor_; }
  const std::string& path() const { return path_; }
  void keep() { kept_ = true; }

 private:
  std::string path_;
  Descriptor descriptor_;
  bool kept_ = false;
};

std::optional<struct stat> status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw system_error("cannot look at '" + path + "'", errno);
}

/// Owner and mode of the old file, or the mode that any new file would get.
void take_over_attributes(int descriptor, const std::optional<struct stat>& old, const std::string& path) {
  if (!old) {
    mode_t const mask = ::umask(0);
    ::umask(mask);
    ::fchmod(descriptor, 0666 & ~mask);
    return;
  }
  struct stat mine {};
  ::fstat(descriptor, &mine);
  bool const owner_differs = mine.st_uid != old->st_uid || mine.st_gid != old->st_gid;
  if (owner_differs && ::fchown(descriptor, old->st_uid, old->st_gid) != 0)
    throw system_error("cannot keep the owner of '" + path + "'", errno);
  if (::fchmod(descriptor, old->st_mode & 07777) != 0)
    throw system_error("cannot keep the mode of '" + path + "'", errno);
}

/// The file that a chain of symbolic links ends in, which need not exist.
std::string target_of(const std::string& path) {
  std::error_code failed;
  std::string const target = std::filesystem::weakly_canonical(path, failed).string();
  if (failed) throw system_error("cannot follow '" + path + "'", failed.value());
  return target;
}

void keep_backup(const std::string& target, const std::string& backup) {
  ::unlink(backup.c_str());
  if (::link(target.c_str(), backup.c_str()) == 0) return;
  std::error_code failed;  // a file system without hard links
  std::filesystem::copy_file(target, backup, failed);
  if (failed) throw system_error("cannot keep '" + backup + "'", failed.value());
}

void sync_folder(const std::string& path) {
  std::string const folder = std::filesystem::path(path).parent_path().string();
  Descriptor const descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.get() >= 0) ::fsync(descriptor.get());
}

}  // namespace

std::string read_all(int descriptor, const std::string& name) {
  std::string data;
  struct stat status {};
  if (::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode))
    data.reserve(static_cast<std::size_t>(status.st_size) + 4096);
  std::size_t size = 0;
  while (true) {
    if (data.capacity() - size < 4096) data.reserve(2 * data.capacity() + 65536);
    data.resize(data.capacity());
    ssize_t const got = ::read(descriptor, data.data() + size, data.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw system_error("cannot read '" + name + "'", errno);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  data.resize(size);
  return data;
}

std::string read_file(const std::string& path) {
  Descriptor const descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.get() < 0) throw system_error("cannot open '" + path + "'", errno);
  return read_all(descriptor.get(), path);
}

void write_all(int descriptor, std::string_view data, const std::string& name) {
  while (!data.empty()) {
    ssize_t const written = ::write(descriptor, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) throw system_error("cannot write '" + name + "'", errno);
    data.remove_prefix(static_cast<std::size_t>(written));
  }
}

void replace_file(const std::string& path, std::string_view data, const std::string& backup_suffix) {
  std::string const target = target_of(path);
  std::optional<struct stat> const old = status_of(target);
  if (old && !S_ISREG(old->st_mode))
    throw Error(Exit::system, "cannot replace '" + path + "': it is not a regular file",
                "write to stdout instead");
  Temporary temporary(target);
  write_all(temporary.descriptor().get(), data, path);
  take_over_attributes(temporary.descriptor().get(), old, path);
  if (::fsync(temporary.descriptor().get()) != 0 || !temporary.descriptor().close())
    throw system_error("cannot write '" + path + "'", errno);
  if (old && !backup_suffix.empty()) keep_backup(target, target + backup_suffix);
  if (::rename(temporary.path().c_str(), target.c_str()) != 0)
    throw system_error("cannot replace '" + path + "'", errno);
  temporary.keep();
  sync_folder(target);
}

}  // namespace virt_iface
