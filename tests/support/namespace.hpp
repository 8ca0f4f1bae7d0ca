// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/process.hpp"

namespace virt_iface::test {

/// True where a test may make namespaces of its own, and put devices there.
inline bool may_unshare() {
  return geteuid() == 0 && !find_program("ip").empty();
}

/// Runs a program of the system and returns its output; throws if it fails.
inline std::string must_run(const std::string& program, const std::vector<std::string>& arguments) {
  const Finished finished = run_program(find_program(program), arguments, std::chrono::seconds(20));
  if (finished.status != 0) throw std::runtime_error(program + " failed: " + finished.err);
  return finished.out;
}

/// Runs `body` in a thread with a network and a mount namespace of its own: an empty /run, and /sys showing
/// that network. Both vanish with the thread.
inline void in_own_network(const std::function<void()>& body) {
  std::exception_ptr failure;
  std::thread([&] {
    try {
      if (unshare(CLONE_NEWNET | CLONE_NEWNS) != 0 ||
          mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
          mount("sysfs", "/sys", "sysfs", 0, nullptr) != 0 || mount("run", "/run", "tmpfs", 0, nullptr) != 0)
        throw std::runtime_error("cannot make namespaces");
      body();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace virt_iface::test
