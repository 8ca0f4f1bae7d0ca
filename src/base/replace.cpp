// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/replace.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/attributes.hpp"
#include "base/backup.hpp"
#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/stream.hpp"
#include "base/temporary.hpp"

namespace virt_iface {
namespace {

using Status = std::optional<struct stat>;

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

mode_t usual_mask() {
  static mode_t const mask = [] {
    mode_t const found = ::umask(0);
    ::umask(found);
    return found;
  }();
  return mask;
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

std::string folder_of(const std::string& path) {
  std::string const folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

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

HeldFile hold_file(const std::string& path, std::size_t enough) {
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
    held.data = read_enough(held.lock.get(), path, enough);
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
  Temporary temporary(target, old ? 0600 : mode_for_new(how.mode_of) & ~usual_mask());
  write_all(temporary.descriptor(), data, path);
  if (old) take_over_attributes(temporary.descriptor(), target, *old);
  if (::fsync(temporary.descriptor()) != 0) throw system_error("cannot write '" + path + "'", errno);
  std::optional<Backup> backup;
  if (old && !how.backup_suffix.empty()) backup.emplace(target, *old, target + how.backup_suffix);
  if (how.expected) require_version(path, status_of(target), *how.expected);
  if (backup) backup->keep();
  if (!temporary.publish(old.has_value())) throw system_error("cannot replace '" + path + "'", errno);
  if (backup) backup->settle();
  if (how.sync_folder) sync_folder(folder_of(target));
}

void write_output(const std::string& path, std::string_view data, const std::string& mode_of) {
  Descriptor const stream = open_stream(path);
  if (!stream) return replace_file(path, data, {.mode_of = mode_of});
  write_all(stream.get(), data, path);
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
