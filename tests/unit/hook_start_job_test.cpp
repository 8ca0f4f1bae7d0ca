// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/process.hpp"
#include "job/start_job.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// The process with that command line, ended when this goes.
class Found {
 public:
  explicit Found(const std::string& command_line) {
    for (int i = 0; i < 200 && pid_ == 0; ++i) {
      for (const fs::directory_entry& entry : fs::directory_iterator("/proc"))
        if (is(entry.path(), command_line)) pid_ = std::stoi(entry.path().filename());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;
  ~Found() {
    if (pid_ != 0) ::kill(pid_, SIGKILL);
  }
  pid_t pid() const { return pid_; }

 private:
  static bool is(const fs::path& process, const std::string& command_line) {
    try {
      return read_file(process / "cmdline") == command_line;
    } catch (const std::exception&) {
      return false;
    }
  }
  pid_t pid_ = 0;
};

TEST(StartDetached, KeepsNoDescriptorNoSessionAndNoParent) {
  start_detached("/bin/sleep", {"3600.4321"});
  Found const job(std::string("/bin/sleep\0003600.4321\0", 21));
  ASSERT_NE(job.pid(), 0);
  fs::path const process = fs::path("/proc") / std::to_string(job.pid());
  std::size_t count = 0;
  for (const fs::directory_entry& descriptor : fs::directory_iterator(process / "fd")) {
    EXPECT_EQ(fs::read_symlink(descriptor.path()), "/dev/null");
    ++count;
  }
  EXPECT_EQ(count, 3U);
  EXPECT_NE(::getsid(job.pid()), ::getsid(0));
  EXPECT_EQ(fs::read_symlink(process / "cwd"), "/");
  EXPECT_THAT(read_file(process / "environ"), testing::Not(testing::HasSubstr("HOME=")));
}

TEST(StartDetached, TellsOfAProgramThatCannotBeRun) {
  for (const char* program : {"/no/such/program", "/etc/passwd"}) {
    try {
      start_detached(program, {"a"});
      FAIL() << program;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), Exit::system);
      EXPECT_THAT(error.what(), testing::StartsWith(std::string("cannot start ") + program + ": "));
    }
  }
}

void as_user(uid_t user, const std::function<void()>& body) {
  pid_t const child = ::fork();
  if (child == 0) {
    bool const changed = ::setresuid(user, user, user) == 0;
    if (changed) body();
    _exit(changed && !testing::Test::HasFailure() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(StartDetached, TellsOfAJobThatFindsNoPlace) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become a user without other processes";
  for (rlim_t const limit : {1U, 2U}) {
    // Processes are counted by their user, and nobody else is this one.
    as_user(54321, [limit] {
      rlimit const processes{limit, limit};
      ASSERT_EQ(::setrlimit(RLIMIT_NPROC, &processes), 0);
      EXPECT_THROW(start_detached("/bin/true", {}), Error) << limit;
    });
  }
}

TEST(StartDetached, GivesAUserWhatLeadsToTheUsersLibvirt) {
  if (::geteuid() != 0) GTEST_SKIP() << "needs root, to become another user";
  EXPECT_EQ(job_environment(), clean_environment());
  as_user(65534, [] { EXPECT_THAT(job_environment(), testing::Contains(testing::StartsWith("HOME=/"))); });
}

}  // namespace
}  // namespace virt_iface::hook
