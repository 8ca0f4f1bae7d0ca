// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace virt_iface {

/// A file descriptor that is closed once.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() { close(); }
  int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }
  explicit operator bool() const { return number_ >= 0; }
  /// close(2), whose failure may be the first word of a full disk. False: see errno.
  bool close();

 private:
  int number_ = -1;
};

/// Occupies stdin, stdout and stderr where they are closed, so that no file that is opened later is taken for
/// them: reading that stdin and writing that stdout still fail.
void occupy_standard_descriptors();

/// A file opened for reading; a pipe's writer is waited for. Throws Error (system) naming it, and
/// Interrupted.
Descriptor open_file(const std::string& path);

/// How open_in opens.
struct Opening {
  bool follows_links = false;  ///< false: a symbolic link is not opened
  bool only_regular = false;   ///< true: what is no regular file is refused; a pipe is not waited for
};

/// The same of a name in an open directory. Nothing where it is a symbolic link that is not to be followed.
Descriptor open_in(int directory, const std::string& name, const std::string& label, Opening how);

/// A file opened for writing with these flags of open(2), such as O_CREAT; a pipe's reader is waited for, and
/// what has no room makes write_all wait. Throws Error (system) naming it, and Interrupted.
Descriptor open_to_write(const std::string& path, int flags = 0);

/// The whole file; of one with more than `enough` bytes, at least so many and one. Throws Error (system)
/// naming it, and Interrupted where a pipe was waited for.
std::string read_file(const std::string& path, std::size_t enough = std::string::npos);

/// The same of what is left of a descriptor. `name` stands in messages.
std::string read_enough(int descriptor, const std::string& name, std::size_t enough);

/// Reads everything from a descriptor until its end. `name` stands in messages. Throws Error (system), also
/// where there are more than `limit` bytes, and Interrupted while more is waited for.
std::string read_all(int descriptor, const std::string& name, std::size_t limit = std::string::npos);

/// Writes all of it, also where the descriptor does not block. 0, or what went wrong as errno has it.
int try_write_all(int descriptor, std::string_view data);

/// The same. Throws Error (system); EPIPE too.
void write_all(int descriptor, std::string_view data, const std::string& name);

}  // namespace virt_iface
