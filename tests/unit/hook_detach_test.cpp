// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "base/file.hpp"
#include "hook/inject.hpp"

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

}  // namespace
}  // namespace virt_iface::hook
