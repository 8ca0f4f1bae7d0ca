// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/replace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>
#include <random>

#include "base/error.hpp"
#include "base/signals.hpp"

namespace virt_iface {
namespace {

using Status = std::optional<struct stat>;

std::string folder_of(const std::string& path) {
  std::string const folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

FileVersion version_of(const struct stat& status) {
  return {.device = status.st_dev,
          .inode = status.st_ino,
          .size = status.st_size,
          .seconds = status.st_mtim.tv_sec,
          .nanoseconds = status.st_mtim.tv_nsec};
}

Status status_of(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw system_error("cannot look at '" + path + "'", errno);
}

/// `path.` and six letters that nobody can foresee.
std::string name_beside(const std::string& path) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  thread_local std::minstd_rand random{std::random_device{}()};
  std::string name = path + '.';
  for (int i = 0; i < 6; ++i) name += letters[random() % letters.size()];
  return name;
}

/// A new file in the folder of the one that it is to replace. It is gone again unless it was published; where
/// the file system allows it, it has no name before, so that nothing can be left over even by SIGKILL.
class Temporary {
 public:
  explicit Temporary(const std::string& target) : target_(target) {
    static bool const linkable = ::access("/proc/self/fd", X_OK) == 0;
    int const nameless = O_TMPFILE | O_WRONLY | O_CLOEXEC;
    if (linkable) descriptor_ = Descriptor(::open(folder_of(target).c_str(), nameless, 0600));
    if (!descriptor_ && (!linkable || errno == EOPNOTSUPP || errno == EISDIR || errno == ENOENT)) {
      name_ = target + ".XXXXXX";
      descriptor_ = Descriptor(::mkostemp(name_.data(), O_CLOEXEC));
      if (!descriptor_) name_.clear();
    }
    if (!descriptor_) throw system_error("cannot make a temporary file beside '" + target + "'", errno);
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }
  int descriptor() const { return descriptor_.get(); }

  /// Puts it in the target's place. False: see errno.
  bool publish(bool target_exists) {
    if (name_.empty() && !target_exists) {
      if (link_as(target_)) return true;
      if (errno != EEXIST) return false;
    }
    while (name_.empty()) {
      std::string name = name_beside(target_);
      if (link_as(name))
        name_ = std::move(name);
      else if (errno != EEXIST)
        return false;
    }
    if (!descriptor_.close() || ::rename(name_.c_str(), target_.c_str()) != 0) return false;
    name_.clear();
    return true;
  }

 private:
  bool link_as(const std::string& name) const {
    std::string const self = "/proc/self/fd/" + std::to_string(descriptor_.get());
    return ::linkat(AT_FDCWD, self.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0;
  }

  std::string target_;
  std::string name_{};  // empty: it has none
  Descriptor descriptor_{};
};

mode_t usual_mask() {
  static mode_t const mask = [] {
    mode_t const found = ::umask(0);
    ::umask(found);
    return found;
  }();
  return mask;
}

/// Owner and mode of the old file, or the mode that any new file would get.
void take_over_attributes(int descriptor, const Status& old, const Replacing& how, const std::string& path) {
  if (!old) {
    Status const model = how.mode_of.empty() ? Status() : status_of(how.mode_of);
    ::fchmod(descriptor, (model ? model->st_mode & 0666 : 0666) & ~usual_mask());
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
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::path target = fs::weakly_canonical(path, failed);
  // A link to what does not exist is not followed by that.
  std::error_code missing;
  for (int links = 0; !failed && links < 40 && fs::is_symlink(fs::symlink_status(target, missing)); ++links)
    target = fs::weakly_canonical(target.parent_path() / fs::read_symlink(target, failed), failed);
  if (failed) throw system_error("cannot follow '" + path + "'", failed.value());
  return target.string();
}

/// A terminal, a pipe, /dev/null: it can only be written to.
bool is_stream(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode));
}

void keep_backup(const std::string& target, const std::string& backup) {
  ::unlink(backup.c_str());
  if (::link(target.c_str(), backup.c_str()) == 0) return;
  std::error_code failed;  // a file system without hard links
  std::filesystem::copy_file(target, backup, failed);
  if (failed) throw system_error("cannot keep '" + backup + "'", failed.value());
}

void require_version(const std::string& path, const Status& now, const FileVersion& expected) {
  if (now && version_of(*now) == expected) return;
  throw Error(Exit::system,
              "'" + path + "' was " + (now ? "changed" : "taken away") + " while it was converted",
              now ? "it was left as it is now; run again" : "nothing was written");
}

/// True when no other process of ours holds it; false when it is not known, as on some network file systems.
bool lock(int descriptor) {
  while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK && errno != EINTR) return false;
    if (int const signal = stop_signal()) throw Interrupted{signal};
    pause_for(10);
  }
  return true;
}

}  // namespace

HeldFile hold_file(const std::string& path) {
  while (true) {
    HeldFile held{.lock = open_file(path)};
    struct stat mine {};
    struct stat there {};
    bool const locked = lock(held.lock.get());
    if (::fstat(held.lock.get(), &mine) != 0) throw system_error("cannot look at '" + path + "'", errno);
    // Whoever held it may have put another one in its place meanwhile.
    bool const stale = locked && ::stat(path.c_str(), &there) == 0 && there.st_ino != mine.st_ino;
    if (stale) continue;
    held.version = version_of(mine);
    held.data = read_all(held.lock.get(), path);
    return held;
  }
}

void replace_file(const std::string& path, std::string_view data, const Replacing& how) {
  std::string const target = target_of(path);
  Status const old = status_of(target);
  if (old && !S_ISREG(old->st_mode))
    throw Error(Exit::system, "cannot replace '" + path + "': it is not a regular file",
                "write to stdout instead");
  if (how.expected) require_version(path, old, *how.expected);
  Temporary temporary(target);
  write_all(temporary.descriptor(), data, path);
  take_over_attributes(temporary.descriptor(), old, how, path);
  if (::fsync(temporary.descriptor()) != 0) throw system_error("cannot write '" + path + "'", errno);
  if (how.expected) require_version(path, status_of(target), *how.expected);
  if (old && !how.backup_suffix.empty()) keep_backup(target, target + how.backup_suffix);
  if (!temporary.publish(old.has_value())) throw system_error("cannot replace '" + path + "'", errno);
  if (how.sync_folder) sync_folder(folder_of(target));
}

void write_output(const std::string& path, std::string_view data) {
  if (!is_stream(path)) return replace_file(path, data);
  Descriptor const descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!descriptor) throw system_error("cannot open '" + path + "'", errno);
  write_all(descriptor.get(), data, path);
}

void sync_folder(const std::string& folder) {
  Descriptor const descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor) ::fsync(descriptor.get());
}

void make_folders(const std::string& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) throw system_error("cannot make the folder '" + folder + "'", failed.value());
}

}  // namespace virt_iface
