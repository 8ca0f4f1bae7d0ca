// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/replace.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "base/attributes.hpp"
#include "base/backup.hpp"
#include "base/error.hpp"
#include "base/stream.hpp"
#include "base/temporary.hpp"

namespace virt_iface {
namespace {

using Status = std::optional<struct stat>;

Status status_of(const DirectoryEntry& entry) {
  struct stat status {};
  if (::fstatat(entry.directory->get(), entry.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) return status;
  if (errno == ENOENT) return std::nullopt;
  throw system_error("cannot look at '" + entry.path + "'", errno);
}

mode_t usual_mask() {
  static mode_t const mask = [] {
    mode_t const found = ::umask(0);
    ::umask(found);
    return found;
  }();
  return mask;
}

/// `linked`: we have made a hard link to the file since.
void require_expected(const DirectoryEntry& file, const FileVersion* expected, bool linked = false) {
  if (!expected) return;
  Status const now = status_of(file);
  if (now && is_unchanged(*expected, version_of(*now), linked)) return;
  throw Error(Exit::system,
              "'" + file.path + "' was " + (now ? "changed" : "removed") + " while it was converted",
              now ? "it was left as it is now; run again" : "nothing was written");
}

void require_regular(const DirectoryEntry& target, const Status& old) {
  if (old && !S_ISREG(old->st_mode))
    throw Error(Exit::system, "cannot replace '" + target.path + "': it is not a regular file",
                "write to stdout instead");
}

void sync_directory(int directory, const char* path) {
  Descriptor const descriptor(::openat(directory, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor) ::fsync(descriptor.get());
}

/// `source`: the old file, open for reading, where one is there.
LostAttributes replace(const DirectoryEntry& target, const Status& old, int source, std::string_view data,
                       const Replacing& how) {
  LostAttributes lost;
  Temporary temporary(target, old ? 0600 : mode_for_new(how.mode_of) & ~usual_mask());
  write_all(temporary.descriptor(), data, target.path);
  if (old) lost = take_over_attributes(temporary.descriptor(), source, target.path, *old);
  if (::fsync(temporary.descriptor()) != 0) throw system_error("cannot write '" + target.path + "'", errno);
  std::optional<Backup> backup;
  if (old && !how.backup_suffix.empty()) {
    require_expected(target, how.expected);
    backup.emplace(target, source, *old, how.backup_suffix);
  }
  require_expected(target, how.expected, backup.has_value());
  if (!temporary.publish(old.has_value())) throw system_error("cannot replace '" + target.path + "'", errno);
  if (backup) backup->settle();
  if (how.sync_directory) sync_directory(target.directory->get(), ".");
  return lost;
}

}  // namespace

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

LostAttributes replace_file(const std::string& path, std::string_view data, const Replacing& how) {
  DirectoryEntry const target = link_target(entry_at(path));
  Status const old = status_of(target);
  require_regular(target, old);
  require_expected(target, how.expected);
  Descriptor source;
  if (old) source = open_in(target.directory->get(), target.name, path, {.only_regular = true});
  struct stat opened {};
  if (old && (!source || ::fstat(source.get(), &opened) != 0))
    throw system_error("cannot replace '" + path + "'", ELOOP);
  return replace(target, old ? Status(opened) : old, source.get(), data, how);
}

LostAttributes replace_held(const HeldFile& held, std::string_view data, Replacing how) {
  how.expected = &held.version;
  require_expected(held.entry, how.expected);
  Status const old = status_of(held.entry);
  require_regular(held.entry, old);
  return replace(held.entry, old, held.lock.get(), data, how);
}

LostAttributes write_output(const std::string& path, std::string_view data, const std::string& mode_of) {
  Descriptor const stream = open_stream(path);
  if (!stream) return replace_file(path, data, {.mode_of = mode_of});
  write_all(stream.get(), data, path);
  return {};
}

void sync_directory(const std::string& directory) {
  sync_directory(AT_FDCWD, directory.c_str());
}

std::vector<std::string> make_directories(const std::string& directory) {
  auto const make = [&] { return ::mkdir(directory.c_str(), 0777) == 0; };
  std::string const above = directory_of(directory);
  std::vector<std::string> made_in;
  bool made = make();
  if (!made && errno == ENOENT && above != directory) {
    made_in = make_directories(above);
    made = make();
  }
  int const number = errno;
  std::error_code failed;
  if (made)
    made_in.push_back(above);
  else if (number != EEXIST || !std::filesystem::is_directory(directory, failed))
    throw system_error("cannot make the directory '" + directory + "'", number);
  return made_in;
}

}  // namespace virt_iface
