// SPDX-License-Identifier: LGPL-2.1-or-later
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <csignal>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "job/start_job.hpp"

namespace virt_iface::hook {
namespace {

/// The first descriptor behind the standard ones: there the job's end of the pipe lies until it runs.
constexpr int tell_at = 3;

/// Reports to the hook what failed; what is not reported when the pipe closes has not failed.
[[noreturn]] void fail(int pipe, int number) {
  [[maybe_unused]] ssize_t const ignored = ::write(pipe, &number, sizeof number);
  _exit(127);
}

/// Closes everything, so that libvirt, which reads the hook's streams to their ends, sees them.
[[noreturn]] void become(char* const* argv, char* const* environment, int pipe) {
  if (pipe != tell_at && ::dup3(pipe, tell_at, O_CLOEXEC) < 0) fail(pipe, errno);
  ::closefrom(tell_at + 1);
  for (int stream = 0; stream < tell_at; ++stream) ::close(stream);
  for (int stream = 0; stream < tell_at; ++stream)
    if (::open("/dev/null", O_RDWR) != stream) fail(tell_at, errno);
  if (::chdir("/") != 0) fail(tell_at, errno);
  sigset_t none;
  sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  ::execve(argv[0], argv, environment);
  fail(tell_at, errno);
}

/// What a child of ours reported: an errno, or 0.
int told_by(int pipe) {
  int number = 0;
  ssize_t size = 0;
  while ((size = ::read(pipe, &number, sizeof number)) < 0 && errno == EINTR) {
  }
  return size == sizeof number ? number : 0;
}

}  // namespace

std::vector<std::string> job_environment() {
  std::vector<std::string> environment = clean_environment();
  if (::geteuid() == 0) return environment;
  // Where systemd puts it; libvirt does not pass it on to hooks. Without it libvirt's client looks below
  // HOME.
  std::string const directory = "/run/user/" + std::to_string(::geteuid());
  struct stat status {};
  if (::stat(directory.c_str(), &status) == 0 && status.st_uid == ::geteuid())
    environment.push_back("XDG_RUNTIME_DIR=" + directory);
  if (const passwd* user = ::getpwuid(::geteuid()))
    environment.push_back(std::string("HOME=") + user->pw_dir);
  return environment;
}

void start_detached(const std::string& program, const std::vector<std::string>& words) {
  std::vector<std::string> line{program};
  line.insert(line.end(), words.begin(), words.end());
  std::vector<std::string> const environment = job_environment();
  std::vector<char*> const argv = pointers_to(line);
  std::vector<char*> const envp = pointers_to(environment);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("cannot make a pipe", errno);
  Descriptor const reader(ends[0]);
  Descriptor writer(ends[1]);
  pid_t const child = ::fork();
  if (child < 0) throw system_error("cannot start a job", errno);
  if (child == 0) {
    if (::setsid() < 0) fail(writer.get(), errno);
    // The grandchild is nobody's child: no one has to wait for it.
    pid_t const job = ::fork();
    if (job < 0) fail(writer.get(), errno);
    if (job > 0) _exit(0);
    become(argv.data(), envp.data(), writer.get());
  }
  writer.close();
  int const number = told_by(reader.get());
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (number != 0) throw system_error("cannot start " + program, number);
}

std::string own_program() {
  std::array<char, PATH_MAX> path{};
  ssize_t const size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0) return "/usr/bin/virt-iface";
  std::string name(path.data(), static_cast<std::size_t>(size));
  // A package was upgraded beneath us: its successor has the same name.
  constexpr std::string_view gone = " (deleted)";
  if (name.ends_with(gone)) name.resize(name.size() - gone.size());
  return name;
}

}  // namespace virt_iface::hook
