// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

#include "base/error.hpp"
#include "hook/inject.hpp"

namespace virt_iface::hook {
namespace {

/// Closes everything, so that libvirt, which reads the hook's streams to their ends, sees them.
[[noreturn]] void become(char* const* argv, char* const* environment) {
  ::closefrom(0);
  for (int stream = 0; stream < 3; ++stream)
    if (::open("/dev/null", O_RDWR) != stream) _exit(127);
  if (::chdir("/") != 0) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(argv[0], argv, environment);
  _exit(127);
}

}  // namespace

void start_detached(const std::string& program, const std::vector<std::string>& words) {
  // execve takes char*, and does not write through it.
  auto const writable = [](const std::string& text) { return const_cast<char*>(text.c_str()); };
  std::vector<char*> argv{writable(program)};
  for (const std::string& word : words) argv.push_back(writable(word));
  argv.push_back(nullptr);
  std::string const locale = "LC_ALL=C";
  std::string const folders = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
  std::array<char*, 3> environment{writable(locale), writable(folders), nullptr};
  pid_t const child = ::fork();
  if (child < 0) throw system_error("cannot start a job", errno);
  if (child == 0) {
    // The grandchild is nobody's child: no one has to wait for it.
    if (::setsid() < 0 || ::fork() != 0) _exit(0);
    become(argv.data(), environment.data());
  }
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace virt_iface::hook
