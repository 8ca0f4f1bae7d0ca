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

/// What a call says of itself that is asked for its size first, and may have grown meanwhile; nothing: see
/// errno.
template <class Call>
std::optional<std::string> sized(const Call& call) {
  while (true) {
    ssize_t const size = call(nullptr, 0);
    if (size < 0) return std::nullopt;
    std::string value(static_cast<std::size_t>(size), '\0');
    ssize_t const got = size == 0 ? 0 : call(value.data(), value.size());
    if (got < 0 && errno == ERANGE) continue;
    if (got < 0) return std::nullopt;
    value.resize(static_cast<std::size_t>(got));
    return value;
  }
}

std::vector<std::string> kept_attributes(int file) {
  std::string const list =
      sized([&](char* to, std::size_t size) { return ::flistxattr(file, to, size); }).value_or("");
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size(); begin = list.find('\0', begin) + 1)
    names.emplace_back(list.c_str() + begin);
  std::erase_if(names, [](const std::string& name) { return !is_kept(name); });
  return names;
}

std::optional<std::string> attribute(int file, const std::string& name) {
  return sized([&](char* to, std::size_t size) { return ::fgetxattr(file, name.c_str(), to, size); });
}

/// False where it is not taken. Throws Error (system) where it had to be.
bool take_over(int descriptor, int from, const std::string& label, const std::string& name) {
  std::optional<std::string> const value = attribute(from, name);
  if (value && ::fsetxattr(descriptor, name.c_str(), value->data(), value->size(), 0) == 0) return true;
  if (is_acl(name)) throw system_error("cannot keep the ACL of '" + label + "'", errno);
  if (errno != ENODATA && errno != ENOTSUP && errno != EPERM && errno != EACCES)
    throw system_error("cannot keep the attribute " + name + " of '" + label + "'", errno);
  return value == attribute(descriptor, name);  // the directory, or the mount, may have given it
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

std::vector<std::string> take_over_attributes(int descriptor, int from, const std::string& label,
                                              const struct stat& old) {
  struct stat mine {};
  ::fstat(descriptor, &mine);
  bool const owner_differs = mine.st_uid != old.st_uid || mine.st_gid != old.st_gid;
  if (owner_differs && ::fchown(descriptor, old.st_uid, old.st_gid) != 0)
    throw system_error("cannot keep the owner of '" + label + "'", errno);
  std::vector<std::string> names = kept_attributes(from);
  auto const acls = std::partition(names.begin(), names.end(), [](const auto& n) { return !is_acl(n); });
  // First these: a file that its owner cannot write takes none. What the directory's default ACL has given is
  // to go, as the mode would let all those in whom it names.
  std::vector<std::string> lost;
  for (auto name = names.begin(); name != acls; ++name)
    if (!take_over(descriptor, from, label, *name)) lost.push_back(*name);
  if (::fremovexattr(descriptor, acl_name) != 0 && errno != ENODATA && errno != ENOTSUP)
    throw system_error("cannot keep the mode of '" + label + "'", errno);
  // The mode of a file that has an ACL shows its mask as the group's.
  mode_t const shown = old.st_mode & 07777U;
  if (::fchmod(descriptor, acls == names.end() ? shown : shown & ~group_bits) != 0)
    throw system_error("cannot keep the mode of '" + label + "'", errno);
  for (auto name = acls; name != names.end(); ++name) take_over(descriptor, from, label, *name);
  return lost;
}

mode_t mode_for_new(const std::string& model) {
  struct stat status {};
  if (model.empty() || ::stat(model.c_str(), &status) != 0) return 0666;
  mode_t mode = status.st_mode & 0666U;
  if (auto const acl =
          sized([&](char* to, std::size_t size) { return ::getxattr(model.c_str(), acl_name, to, size); }))
    mode = (mode & ~group_bits) | (group_rights(*acl) << 3U);
  return mode & 0666U;
}

}  // namespace virt_iface
