// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/file.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/error.hpp"
#include "base/signals.hpp"

namespace virt_iface {
namespace {

/// read(2), begun again when a signal came in between. 0 at the end.
std::size_t read_part(int descriptor, char* into, std::size_t size, const std::string& name) {
  while (true) {
    ssize_t const got = ::read(descriptor, into, size);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno == EAGAIN && wait_readable(descriptor)) continue;
    if (errno == EAGAIN && stop_signal() != 0) throw Interrupted{stop_signal()};
    if (errno == EISDIR) throw Error(Exit::system, "cannot read '" + name + "': it is a directory");
    if (errno != EINTR) throw system_error("cannot read '" + name + "'", errno);
  }
}

/// For what was just opened: a pipe's writer is waited for, or nothing but a regular file is taken.
void require_file(int descriptor, bool only_regular, const std::string& label) {
  struct stat status {};
  if (::fstat(descriptor, &status) != 0) throw system_error("cannot look at '" + label + "'", errno);
  if (only_regular && !S_ISREG(status.st_mode))
    throw Error(Exit::system, "'" + label + "' is no regular file now and was one when it was listed");
  if (S_ISFIFO(status.st_mode) && !wait_readable(descriptor)) throw Interrupted{stop_signal()};
}

/// What is left of a descriptor, behind `data`, until there is more than enough.
void read_rest(int descriptor, std::string& data, const std::string& name, std::size_t enough) {
  std::size_t size = data.size();
  while (true) {
    if (data.capacity() - size < 4096) data.reserve(2 * data.capacity() + 65536);
    data.resize(data.capacity());
    std::size_t const got = read_part(descriptor, data.data() + size, data.size() - size, name);
    size += got;
    if (got == 0 || size > enough) break;
  }
  data.resize(size);
}

}  // namespace

bool Descriptor::close() {
  int const number = std::exchange(number_, -1);
  return number < 0 || ::close(number) == 0;
}

void occupy_standard_descriptors() {
  std::array<pollfd, 3> standard{{{0, 0, 0}, {1, 0, 0}, {2, 0, 0}}};
  if (::poll(standard.data(), standard.size(), 0) <= 0) return;
  for (const pollfd& one : standard)  // the lowest free number is the one that is missing
    if ((one.revents & POLLNVAL) != 0)
      static_cast<void>(::open("/dev/null", one.fd == 0 ? O_WRONLY : O_RDONLY));
}

Descriptor open_file(const std::string& path) {
  return open_in(AT_FDCWD, path, path, {.follows_links = true});
}

Descriptor open_in(int directory, const std::string& name, const std::string& label, Opening how) {
  // A pipe would be waited for in open(2), which only a signal to this very thread ends.
  int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (how.follows_links ? 0 : O_NOFOLLOW);
  while (true) {
    Descriptor descriptor(::openat(directory, name.c_str(), flags));
    if (descriptor) require_file(descriptor.get(), how.only_regular, label);
    if (descriptor || (errno == ELOOP && !how.follows_links)) return descriptor;
    if (errno == EWOULDBLOCK)  // a file server's lease on a plain file: it will be given back
      flags &= ~O_NONBLOCK;
    else if (errno != EINTR)
      throw system_error("cannot open '" + label + "'", errno);
    else if (int const signal = stop_signal())
      throw Interrupted{signal};
  }
}

Descriptor open_to_write(const std::string& path, int flags) {
  // Without a reader a pipe is not opened this way, and the next try waits where a stop can end it.
  while (true) {
    Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0666));
    if (descriptor) return descriptor;
    int const number = errno;
    struct stat status {};
    bool const waits = number == EINTR || number == EWOULDBLOCK ||
                       (number == ENXIO && ::stat(path.c_str(), &status) == 0 && S_ISFIFO(status.st_mode));
    if (!waits) throw system_error("cannot open '" + path + "'", number);
    pause_for(10);
    if (int const signal = stop_signal()) throw Interrupted{signal};
  }
}

std::string read_enough(int descriptor, const std::string& name, std::size_t enough) {
  std::array<char, 32768> first;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
  struct stat status {};
  bool const plain = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
  auto const size = static_cast<std::size_t>(plain ? status.st_size : 0);
  std::string data;
  if (size < first.size()) {
    std::size_t const got = read_part(descriptor, first.data(), first.size(), name);
    data.assign(first.data(), got);
    // All of a plain file is there; a file of /proc says that it has no size.
    if (got == 0 || (size != 0 && got == size)) return data;
  } else {
    data.reserve(std::min(size, enough) + 4096);
  }
  read_rest(descriptor, data, name, enough);
  return data;
}

std::string read_all(int descriptor, const std::string& name, std::size_t limit) {
  std::string data = read_enough(descriptor, name, limit);
  if (data.size() > limit)
    throw Error(Exit::system, name + " is larger than " + std::to_string(limit >> 20U) + " MiB");
  return data;
}

std::string read_file(const std::string& path, std::size_t enough) {
  return read_enough(open_file(path).get(), path, enough);
}

int try_write_all(int descriptor, std::string_view data) {
  while (!data.empty()) {
    ssize_t const written = ::write(descriptor, data.data(), data.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      pollfd room{.fd = descriptor, .events = POLLOUT, .revents = 0};
      ::poll(&room, 1, -1);
      continue;
    }
    if (written < 0) return errno;
    data.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

void write_all(int descriptor, std::string_view data, const std::string& name) {
  int const error = try_write_all(descriptor, data);
  if (error == EPIPE) end_by_broken_pipe();
  if (error != 0) throw system_error("cannot write '" + name + "'", error);
}

}  // namespace virt_iface
