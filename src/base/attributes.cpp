// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/attributes.hpp"

#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace virt_iface {
namespace {

constexpr const char* acl_name = "system.posix_acl_access";
constexpr mode_t group_bits = S_IRWXG;

/// What is said of a file's content and would be untrue of another.
constexpr std::array<std::string_view, 3> of_content{"security.ima", "security.evm", "security.capability"};

/// An ACL of any kind: POSIX's, or that of NFS.
bool is_acl(const std::string& name) {
  return name.starts_with("system.") && name.find("acl") != name.npos;
}

/// Others of the system's are no attributes of their own, but the times and sizes of some file systems.
bool is_kept(const std::string& name) {
  return is_acl(name) ||
         (!name.starts_with("system.") && std::ranges::find(of_content, name) == of_content.end());
}

std::vector<std::string> kept_attributes(const std::string& path) {
  std::string list;
  while (true) {
    ssize_t const size = ::listxattr(path.c_str(), nullptr, 0);
    if (size <= 0) return {};
    list.resize(static_cast<std::size_t>(size));
    ssize_t const got = ::listxattr(path.c_str(), list.data(), list.size());
    if (got < 0 && errno == ERANGE) continue;  // it has got more meanwhile
    list.resize(static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    break;
  }
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size(); begin = list.find('\0', begin) + 1)
    names.emplace_back(list.c_str() + begin);
  std::erase_if(names, [](const std::string& name) { return !is_kept(name); });
  return names;
}

std::optional<std::string> attribute(const std::string& path, const char* name) {
  std::string value;
  while (true) {
    ssize_t const size = ::getxattr(path.c_str(), name, nullptr, 0);
    if (size < 0) return std::nullopt;
    value.resize(static_cast<std::size_t>(size));
    ssize_t const got = ::getxattr(path.c_str(), name, value.data(), value.size());
    if (got < 0 && errno == ERANGE) continue;
    if (got < 0) return std::nullopt;
    value.resize(static_cast<std::size_t>(got));
    return value;
  }
}

void take_over(int descriptor, const std::string& from, const std::string& name) {
  std::optional<std::string> const value = attribute(from, name.c_str());
  if (value && ::fsetxattr(descriptor, name.c_str(), value->data(), value->size(), 0) == 0) return;
  if (is_acl(name)) throw system_error("cannot keep the ACL of '" + from + "'", errno);
  if (errno != ENODATA && errno != ENOTSUP && errno != EPERM && errno != EACCES)
    throw system_error("cannot keep the attribute " + name + " of '" + from + "'", errno);
}

/// What the owning group may do by an ACL (linux/posix_acl_xattr.h): its own entry, cut by the mask.
mode_t group_rights(std::string_view acl) {
  constexpr std::size_t head = 4;
  constexpr std::size_t entry = 8;  // tag and rights, two bytes each, least first; then whose
  auto const word = [&](std::size_t at) {
    return static_cast<unsigned char>(acl[at]) + 256U * static_cast<unsigned char>(acl[at + 1]);
  };
  mode_t group = 0;
  mode_t mask = 7;
  for (std::size_t at = head; at + entry <= acl.size(); at += entry) {
    if (word(at) == 0x04) group = word(at + 2);
    if (word(at) == 0x10) mask = word(at + 2);
  }
  return group & mask & 7U;
}

}  // namespace

void take_over_attributes(int descriptor, const std::string& from, const struct stat& old) {
  struct stat mine {};
  ::fstat(descriptor, &mine);
  bool const owner_differs = mine.st_uid != old.st_uid || mine.st_gid != old.st_gid;
  if (owner_differs && ::fchown(descriptor, old.st_uid, old.st_gid) != 0)
    throw system_error("cannot keep the owner of '" + from + "'", errno);
  std::vector<std::string> names = kept_attributes(from);
  auto const acls = std::partition(names.begin(), names.end(), [](const auto& n) { return !is_acl(n); });
  // First these: a file that its owner cannot write takes none. What the folder's default ACL has given is
  // to go, as the mode would let all those in whom it names.
  for (auto name = names.begin(); name != acls; ++name) take_over(descriptor, from, *name);
  if (::fremovexattr(descriptor, acl_name) != 0 && errno != ENODATA && errno != ENOTSUP)
    throw system_error("cannot keep the mode of '" + from + "'", errno);
  // The mode of a file that has an ACL shows its mask as the group's.
  mode_t const shown = old.st_mode & 07777U;
  if (::fchmod(descriptor, acls == names.end() ? shown : shown & ~group_bits) != 0)
    throw system_error("cannot keep the mode of '" + from + "'", errno);
  for (auto name = acls; name != names.end(); ++name) take_over(descriptor, from, *name);
}

mode_t mode_for_new(const std::string& model) {
  struct stat status {};
  if (model.empty() || ::stat(model.c_str(), &status) != 0) return 0666;
  mode_t mode = status.st_mode & 0666U;
  if (auto const acl = attribute(model, acl_name)) mode = (mode & ~group_bits) | (group_rights(*acl) << 3U);
  return mode & 0666U;
}

}  // namespace virt_iface
