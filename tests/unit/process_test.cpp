// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/process.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "base/error.hpp"

namespace virt_iface {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Finished shell(const std::string& script, milliseconds limit = seconds(10)) {
  return run_program("/bin/sh", {"-c", script}, limit);
}

TEST(RunProgram, KeepsBothStreamsAndTheStatus) {
  const Finished finished = shell("echo out; echo err >&2; exit 7");
  EXPECT_EQ(finished.status, 7);
  EXPECT_EQ(finished.out, "out\n");
  EXPECT_EQ(finished.err, "err\n");
}

TEST(RunProgram, PassesArgumentsWithoutAShell) {
  EXPECT_EQ(run_program("/bin/echo", {"$HOME;", "a b", "`id`"}, seconds(10)).out, "$HOME; a b `id`\n");
}

TEST(RunProgram, GivesACleanEnvironmentAndNoInput) {
  setenv("VIRT_IFACE_TEST_LEAK", "1", 1);
  EXPECT_EQ(run_program("/usr/bin/env", {}, seconds(10)).out,
            "LC_ALL=C\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n");
  EXPECT_EQ(shell("cat").out, "");
  unsetenv("VIRT_IFACE_TEST_LEAK");
}

TEST(RunProgram, PassesOnNoDescriptor) {
  const int leaking = open("/dev/null", O_RDONLY);  // without O_CLOEXEC on purpose
  const std::string listing =
      shell("for f in 3 4 5 6 7 8 9; do [ -e /proc/$$/fd/$f ] && echo $f; done; :").out;
  close(leaking);
  EXPECT_EQ(listing, "");
}

TEST(RunProgram, ReadsMoreThanAPipeHolds) {
  const Finished finished = shell("head -c 1000000 /dev/zero; head -c 1000000 /dev/zero >&2");
  EXPECT_EQ(finished.out.size(), 1'000'000U);
  EXPECT_EQ(finished.err.size(), 1'000'000U);
}

TEST(RunProgram, NamesASignal) {
  EXPECT_EQ(shell("kill -TERM $$").status, 128 + SIGTERM);
}

TEST(RunProgram, EndsWhatTakesTooLongAndLeavesNoChild) {
  for (const char* script : {"sleep 60", "sleep 60 & wait", "exec >&- 2>&-; sleep 60"}) {
    try {
      shell(script, milliseconds(200));
      FAIL() << script;
    } catch (const Error& error) {
      EXPECT_EQ(error.status(), Exit::system);
      EXPECT_STREQ(error.what(), "/bin/sh did not end within 200 ms and was ended");
    }
    EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
    EXPECT_EQ(errno, ECHILD);
  }
}

/// Where a caller has it ignored, the kernel takes the status away.
TEST(RunProgram, TellsWhenItMayNotLearnOfTheEnd) {
  auto* const before = std::signal(SIGCHLD, SIG_IGN);
  auto const begin = std::chrono::steady_clock::now();
  EXPECT_THROW(shell("exit 0"), Error);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(5));
  std::signal(SIGCHLD, before);
}

TEST(RunProgram, EndsWhatWritesWithoutEnd) {
  EXPECT_THROW(shell("cat /dev/zero"), Error);
}

TEST(RunProgram, RefusesWhatItCannotRun) {
  EXPECT_THROW(run_program("sh", {}, seconds(1)), Error);
  EXPECT_THROW(run_program("/no/such/program", {}, seconds(1)), Error);
}

TEST(FindProgram, LooksInTheSystemsDirectoriesOnly) {
  EXPECT_EQ(find_program("sh"), "/usr/bin/sh");
  EXPECT_EQ(find_program("../bin/sh"), "");
  EXPECT_EQ(find_program("no-such-program"), "");
}

}  // namespace
}  // namespace virt_iface
