// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <unordered_map>

namespace virt_iface {

/// Tells by their paths whether two names are one file, which need not be there. Unlike device and inode,
/// this parts hard links: replacing one leaves the other. A directory is looked up once.
class RealPaths {
 public:
  /// The name itself, in its directory's real path.
  std::string entry(const std::string& path);
  /// The same of what it leads to, where it is a symbolic link.
  std::string target(const std::string& path);

 private:
  std::unordered_map<std::string, std::string> directories_{};
};

}  // namespace virt_iface
