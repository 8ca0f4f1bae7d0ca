// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/keeper.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include "base/ending.hpp"
#include "base/error.hpp"

namespace virt_iface {
namespace {

std::pair<Descriptor, Descriptor> make_connection(int type) {
  std::array<int, 2> ends{};
  if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends.data()) != 0)
    throw system_error("cannot connect two processes", errno);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// One byte, and room for a descriptor beside it.
struct Parcel {
  char byte = 0;
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> room{};
  msghdr header{};

  Parcel() {
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = room.data();
    header.msg_controllen = room.size();
  }
  Parcel(const Parcel&) = delete;
  Parcel& operator=(const Parcel&) = delete;
};

/// Where nobody takes it, its connection closes with our own copy, as if the process had ended.
void send_descriptor(int control, int descriptor) {
  Parcel parcel;
  cmsghdr* const head = CMSG_FIRSTHDR(&parcel.header);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  while (::sendmsg(control, &parcel.header, MSG_NOSIGNAL) < 0 && errno == EINTR) {
  }
}

/// None: the other end was closed.
Descriptor receive_descriptor(int control) {
  Parcel parcel;
  ssize_t size = 0;
  while ((size = ::recvmsg(control, &parcel.header, MSG_CMSG_CLOEXEC)) < 0 && errno == EINTR) {
  }
  const cmsghdr* const head = size == 1 ? CMSG_FIRSTHDR(&parcel.header) : nullptr;
  int descriptor = -1;
  if (head) std::memcpy(&descriptor, CMSG_DATA(head), sizeof descriptor);
  return Descriptor(descriptor);
}

[[noreturn]] void begin_work(int descriptor, const Keeper::Serve& serve) {
  std::signal(SIGCHLD, SIG_DFL);
  ends_into(descriptor);
  try {
    serve(descriptor);
  } catch (...) {  // it is the parent's code that would go on
  }
  _exit(0);
}

/// Ends what is still at work, and is gone last.
[[noreturn]] void end_all() {
  std::signal(SIGTERM, SIG_IGN);
  ::kill(0, SIGTERM);
  while (::waitpid(-1, nullptr, 0) > 0 || errno == EINTR) {
  }
  _exit(0);
}

[[noreturn]] void keep(Descriptor control, const Keeper::Serve& serve) {
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  std::signal(SIGTERM, SIG_DFL);
  std::signal(SIGCHLD, [](int) {
    const int error = errno;  // of the call that it interrupts
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    errno = error;
  });
  ::setpgid(0, 0);
  while (Descriptor const connection = receive_descriptor(control.get())) {
    pid_t const pid = ::fork();
    if (pid > 0) continue;
    if (pid < 0) tell_end(connection.get(), "cannot start a process\n", Exit::system);
    if (pid < 0) continue;
    control.close();
    begin_work(connection.get(), serve);
  }
  end_all();
}

}  // namespace

Keeper::Keeper(const Serve& serve) {
  auto [ours, its] = make_connection(SOCK_SEQPACKET);
  pid_ = ::fork();
  if (pid_ < 0) throw system_error("cannot start a process", errno);
  if (pid_ == 0) {
    ours.close();
    keep(std::move(its), serve);
  }
  control_ = std::move(ours);
}

Keeper::~Keeper() {
  control_.close();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

Descriptor Keeper::start() const {
  auto [ours, its] = make_connection(SOCK_STREAM);
  send_descriptor(control_.get(), its.get());
  return std::move(ours);
}

}  // namespace virt_iface
