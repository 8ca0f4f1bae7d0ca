// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/backup.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

#include "base/attributes.hpp"
#include "base/error.hpp"
#include "base/replace.hpp"
#include "base/temporary.hpp"

namespace virt_iface {
namespace {

/// For a file system without hard links, and for files that may not be linked.
std::string copy_of(const std::string& file, const struct stat& status) {
  Descriptor const from = open_file(file);
  struct stat there {};
  bool const same =
      ::fstat(from.get(), &there) == 0 && there.st_dev == status.st_dev && there.st_ino == status.st_ino;
  if (!same) return errno = ESTALE, std::string();
  Temporary copy(file, 0600);
  write_all(copy.descriptor(), read_enough(from.get(), file, std::string::npos), file);
  take_over_attributes(copy.descriptor(), file, status);
  if (::fsync(copy.descriptor()) != 0) return {};
  return copy.release();
}

}  // namespace

Backup::Backup(const std::string& file, const struct stat& status, const std::string& name) : name_(name) {
  struct stat there {};
  if (::lstat(name.c_str(), &there) == 0 ? S_ISDIR(there.st_mode) : errno != ENOENT)
    throw system_error("cannot keep '" + name + "'", S_ISDIR(there.st_mode) ? EISDIR : errno);
  while (spare_.empty()) {
    std::string spare = temporary_name(folder_of(name));
    bool const linked = ::link(file.c_str(), spare.c_str()) == 0;
    if (!linked && errno == EEXIST) continue;
    spare_ = linked ? std::move(spare) : copy_of(file, status);
    if (spare_.empty()) throw system_error("cannot keep '" + name + "'", errno);
  }
}

Backup::~Backup() {
  if (to_undo_ && exchanged_)
    exchange();
  else if (to_undo_)
    ::unlink(name_.c_str());
  ::unlink(spare_.c_str());
}

void Backup::keep() {
  exchanged_ = exchange();
  to_undo_ = exchanged_ || ::rename(spare_.c_str(), name_.c_str()) == 0;
  if (!to_undo_) throw system_error("cannot keep '" + name_ + "'", errno);
}

/// False also where there is no older one.
bool Backup::exchange() const {
  return ::renameat2(AT_FDCWD, spare_.c_str(), AT_FDCWD, name_.c_str(), RENAME_EXCHANGE) == 0;
}

}  // namespace virt_iface
