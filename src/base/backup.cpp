// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/attributes.hpp"
#include "base/error.hpp"
#include "base/temporary.hpp"

namespace virt_iface {
namespace {

constexpr unsigned most_backups = 100'000;

Error cannot_keep(const DirectoryEntry& backup, int number = errno) {
  return system_error("cannot keep '" + backup.path + "'", number);
}

/// The name with this suffix: the first, and where that is taken the `number`th after it.
DirectoryEntry numbered(const DirectoryEntry& file, const std::string& suffix, unsigned number) {
  std::string const end = number == 0 ? suffix : suffix + '.' + std::to_string(number);
  return {.directory = file.directory, .name = file.name + end, .path = file.path + end};
}

/// For a file system without hard links, and for files that may not be linked. False where the name has been
/// taken meanwhile.
bool copy(const DirectoryEntry& backup, int source, const struct stat& status) {
  Temporary file(backup, 0600);
  if (::lseek(source, 0, SEEK_SET) != 0) throw cannot_keep(backup);
  write_all(file.descriptor(), read_enough(source, backup.path, std::string::npos), backup.path);
  take_over_attributes(file.descriptor(), source, backup.path, status);
  if (::fsync(file.descriptor()) != 0) throw cannot_keep(backup);
  // Not every file system can rename without replacing: what is replaced is ours.
  int const directory = backup.directory->get();
  int const flags = O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC;
  if (!Descriptor(::openat(directory, backup.name.c_str(), flags, 0600))) {
    if (errno == EEXIST) return false;
    throw cannot_keep(backup);
  }
  if (file.publish(true)) return true;
  int const number = errno;
  ::unlinkat(directory, backup.name.c_str(), 0);
  throw cannot_keep(backup, number);
}

/// False where the name is taken. Throws Error (system).
bool keep_as(const DirectoryEntry& backup, const DirectoryEntry& file, int source,
             const struct stat& status) {
  int const directory = file.directory->get();
  if (::linkat(directory, file.name.c_str(), directory, backup.name.c_str(), 0) == 0) return true;
  struct stat there {};
  bool const taken =
      errno == EEXIST || ::fstatat(directory, backup.name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0;
  return !taken && copy(backup, source, status);
}

}  // namespace

Backup::Backup(const DirectoryEntry& file, int source, const struct stat& status, const std::string& suffix) {
  for (unsigned number = 0; number < most_backups; ++number) {
    entry_ = numbered(file, suffix, number);
    if (keep_as(entry_, file, source, status)) return;
  }
  throw cannot_keep(entry_);
}

Backup::~Backup() {
  if (!settled_) ::unlinkat(entry_.directory->get(), entry_.name.c_str(), 0);
}

}  // namespace virt_iface
