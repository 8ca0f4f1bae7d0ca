// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"

namespace virt_iface {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t output_limit = 16U << 20U;

struct Pipe {
  Descriptor read{};
  Descriptor write{};
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) throw system_error("cannot make a pipe", errno);
  return {Descriptor(ends[0]), Descriptor(ends[1])};
}

/// What posix_spawn needs to know of descriptors, signals and the process group.
class SpawnPlan {
 public:
  SpawnPlan(int out, int err) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, out, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, err, STDERR_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_,
                             POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

pid_t spawn(const std::string& path, const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment, const SpawnPlan& plan) {
  std::vector<std::string> words{path};
  words.insert(words.end(), arguments.begin(), arguments.end());
  pid_t pid = -1;
  const int failure = posix_spawn(&pid, path.c_str(), plan.actions(), plan.attributes(),
                                  pointers_to(words).data(), pointers_to(environment).data());
  if (failure != 0) throw system_error("cannot run " + path, failure);
  return pid;
}

/// A started program: killed and waited for on every way out that does not wait for its end.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ < 0) return;
    kill(-pid_, SIGKILL);
    while (waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }

  /// The status once the program has ended, or -1 at the deadline.
  int wait_until(Clock::time_point deadline) {
    int status = 0;
    for (pid_t ended = 0; (ended = waitpid(pid_, &status, WNOHANG)) != pid_;) {
      if (ended < 0 && errno != EINTR) {
        pid_ = -1;  // it is nobody's, and its number may be another's
        throw system_error("cannot wait for a program", errno);
      }
      if (Clock::now() >= deadline) return -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

/// Appends what can be read; closes the descriptor at the end of the stream.
void take(Descriptor& from, std::string& to) {
  std::array<char, 65536> buffer{};
  const ssize_t count = ::read(from.get(), buffer.data(), buffer.size());
  if (count > 0) {
    to.append(buffer.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || errno != EINTR) {
    from.close();
  }
}

/// Reads both streams to their ends; false if the deadline came first.
bool collect(Descriptor& out, Descriptor& err, Finished& into, Clock::time_point deadline) {
  while (out || err) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    // poll passes over a negative descriptor.
    std::array<pollfd, 2> ready{{{out.get(), POLLIN, 0}, {err.get(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), static_cast<int>(std::min<decltype(left)>(left, 60'000))) < 0 &&
        errno != EINTR)
      throw system_error("cannot wait for a program", errno);
    if (ready[0].revents != 0) take(out, into.out);
    if (ready[1].revents != 0) take(err, into.err);
    if (into.out.size() + into.err.size() > output_limit) return false;
  }
  return true;
}

/// What `start` starts with two ends of pipes as its streams, until it has ended.
template <typename Start>
Finished finished(const std::string& name, std::chrono::milliseconds limit, Start start) {
  const auto deadline = Clock::now() + limit;
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  Child child(start(out.write.get(), err.write.get()));
  out.write.close();
  err.write.close();
  Finished done;
  const bool complete = collect(out.read, err.read, done, deadline);
  if (done.out.size() + done.err.size() > output_limit)
    throw Error(Exit::system, name + " wrote more than 16 MiB and was ended");
  done.status = complete ? child.wait_until(deadline) : -1;
  if (done.status < 0)
    throw Error(Exit::system,
                name + " did not end within " + std::to_string(limit.count()) + " ms and was ended");
  return done;
}

}  // namespace

std::vector<std::string> clean_environment() {
  return {"LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin"};
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
  std::vector<char*> pointers;
  pointers.reserve(words.size() + 1);
  for (const std::string& word : words) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

Finished run_program(const std::string& path, const std::vector<std::string>& arguments,
                     std::chrono::milliseconds limit, const std::vector<std::string>& environment) {
  if (path.empty() || path.front() != '/')
    throw Error(Exit::system, "'" + path + "' is not an absolute path",
                "name the program by its absolute path");
  return finished(path, limit,
                  [&](int out, int err) { return spawn(path, arguments, environment, SpawnPlan(out, err)); });
}

Finished run_forked(const std::string& name, const std::function<int()>& work,
                    std::chrono::milliseconds limit) {
  return finished(name, limit, [&](int out, int err) {
    pid_t const pid = ::fork();
    if (pid < 0) throw system_error("cannot start " + name, errno);
    if (pid > 0) return pid;
    ::setpgid(0, 0);
    if (const int null = ::open("/dev/null", O_RDONLY | O_CLOEXEC); null >= 0) ::dup2(null, STDIN_FILENO);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    ::closefrom(STDERR_FILENO + 1);
    _exit(work());
  });
}

std::string find_program(const std::string& name) {
  if (name.empty() || name.find('/') != std::string::npos) return {};
  for (const char* directory :
       {"/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/", "/usr/local/bin/", "/usr/local/sbin/"})
    if (access((directory + name).c_str(), X_OK) == 0) return directory + name;
  return {};
}

}  // namespace virt_iface
