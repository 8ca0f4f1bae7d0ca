// SPDX-License-Identifier: LGPL-2.1-or-later
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <sstream>

#include "base/file.hpp"
#include "hook/confinement.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// libvirt's daemons that run hooks, one for all drivers or one for each.
constexpr std::array<std::string_view, 3> daemons{"libvirtd", "virtqemud", "virtxend"};
constexpr const char* apparmor_profiles = "/sys/kernel/security/apparmor/profiles";

bool is_there(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

/// The text of a file of the kernel's; empty where it is not there.
std::string said_by(const char* path) {
  try {
    return read_file(path);
  } catch (const Error&) {
    return {};
  }
}

/// Is one of libvirt's daemons under an AppArmor profile that is enforced? `profiles` has a line for each
/// that is loaded: `libvirtd (enforce)`, `/usr/sbin/virtqemud (complain)`.
bool is_enforced(const std::string& profiles) {
  std::istringstream lines(profiles);
  std::string profile;
  std::string mode;
  while (lines >> profile && std::getline(lines, mode)) {
    if (mode != " (enforce)" && mode != " (kill)") continue;
    for (std::string_view daemon : daemons)
      if (profile == daemon || profile == std::string("/usr/sbin/").append(daemon)) return true;
  }
  return false;
}

/// AppArmor tells which profiles it has loaded, but where securityfs is not mounted only whether it is on.
bool is_confined_by_apparmor() {
  if (is_there(apparmor_profiles)) return is_enforced(said_by(apparmor_profiles));
  return said_by("/sys/module/apparmor/parameters/enabled").starts_with('Y') &&
         std::ranges::any_of(daemons, [](std::string_view daemon) {
           return is_there(fs::path("/etc/apparmor.d") / std::string("usr.sbin.").append(daemon));
         });
}

std::optional<Message> apparmor_warning(const fs::path& program) {
  // What Debian's profile lets its daemon run: /usr/bin/* and the like, not what lies deeper.
  constexpr std::array<std::string_view, 4> allowed{"/usr/bin", "/usr/sbin", "/bin", "/sbin"};
  if (std::ranges::find(allowed, program.parent_path().string()) != allowed.end() ||
      !is_confined_by_apparmor())
    return std::nullopt;
  return Message{.severity = Severity::warning,
                 .text = "AppArmor's profile of libvirtd does not allow it to run " + program.string(),
                 .hint =
                     "install virt-iface in /usr/bin, or allow it in "
                     "/etc/apparmor.d/local/usr.sbin.libvirtd"};
}

std::optional<Message> selinux_warning() {
  bool const enforcing = said_by("/sys/fs/selinux/enforce").starts_with('1');
  if (!enforcing || !said_by("/sys/fs/selinux/booleans/virt_hooks_unconfined").starts_with('0'))
    return std::nullopt;
  return Message{.severity = Severity::warning,
                 .text = "SELinux keeps libvirt's hooks confined",
                 .hint = "setsebool -P virt_hooks_unconfined on"};
}

/// True if others than root can put something else there. In a directory with the sticky bit they can do that
/// to their own files only.
bool is_open_to_others(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) return false;
  bool const shared = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
  return status.st_uid != 0 || (!shared && (status.st_mode & (S_IWGRP | S_IWOTH)) != 0);
}

/// libvirt runs the program as root.
std::optional<Message> writers_warning(const fs::path& program) {
  for (fs::path path = program;; path = path.parent_path()) {
    if (is_open_to_others(path))
      return Message{.severity = Severity::warning,
                     .text = "others than root can write '" + path.string() + "', and libvirt runs " +
                             program.string() + " as root",
                     .hint = "make it root's alone, or install virt-iface in /usr/bin"};
    if (path == path.parent_path()) return std::nullopt;
  }
}

}  // namespace

std::vector<Message> confinement_of(const std::string& program) {
  std::vector<Message> warnings;
  for (const std::optional<Message>& warning :
       {writers_warning(program), apparmor_warning(program), selinux_warning()})
    if (warning) warnings.push_back(*warning);
  return warnings;
}

}  // namespace virt_iface::hook
