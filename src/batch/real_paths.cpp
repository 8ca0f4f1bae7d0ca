// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/real_paths.hpp"

#include <sys/stat.h>

#include <filesystem>

#include "base/error.hpp"
#include "base/replace.hpp"

namespace virt_iface {

namespace fs = std::filesystem;

std::string RealPaths::entry(const std::string& path) {
  auto const [directory, is_new] = directories_.try_emplace(directory_of(path));
  if (is_new) {
    std::error_code failed;
    fs::path const real = fs::weakly_canonical(fs::absolute(directory->first, failed), failed);
    directory->second = failed ? directory->first : real.string();
    if (directory->second.ends_with('/')) directory->second.pop_back();
  }
  return directory->second + '/' + fs::path(path).filename().string();
}

std::string RealPaths::target(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return entry(path);
  try {
    return target_of(path);
  } catch (const Error&) {  // a loop: whoever opens it reports it
    return entry(path);
  }
}

}  // namespace virt_iface
