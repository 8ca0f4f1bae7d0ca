// SPDX-License-Identifier: LGPL-2.1-or-later
// A directory of a test's own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace virt_iface::test {

/// Made below the usual place for temporary files; goes with what is in it.
class Directory {
 public:
  Directory() {
    std::string name = std::filesystem::temp_directory_path() / "virt-iface-test-XXXXXX";
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("cannot make " + name);
    path_ = name;
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() { std::filesystem::remove_all(path_); }

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_{};
};

}  // namespace virt_iface::test
