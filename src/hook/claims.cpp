// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/claims.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "host/ovs.hpp"
#include "job/run_directory.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view claims_prefix = "br-";

/// A bridge's name comes out of a document and becomes a part of a path: one that no bridge can have is
/// refused.
fs::path claims_of(const std::string& bridge) {
  return directory("bridges") / std::string(claims_prefix).append(bridge_name(bridge));
}

/// The directories of claims, a bridge each.
std::vector<fs::path> all_claims() {
  std::vector<fs::path> found;
  std::error_code failed;
  for (fs::directory_iterator entry(fs::path(run_directory) / "bridges", failed), end;
       !failed && entry != end; entry.increment(failed))
    if (entry->path().filename().string().starts_with(claims_prefix)) found.push_back(entry->path());
  return found;
}

}  // namespace

void claim_bridge(const std::string& bridge, const std::string& uuid) {
  if (!is_uuid(uuid)) return;
  fs::path const claims = claims_of(bridge);
  make_directory(claims);
  int const how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  Descriptor const claim(::open((claims / uuid).c_str(), how, 0644));
  if (!claim) throw system_error("cannot make '" + (claims / uuid).string() + "'", errno);
}

bool release_claims(const std::string& uuid) {
  bool any = false;
  if (!is_uuid(uuid)) return any;
  for (const fs::path& claims : all_claims()) {
    if (::unlink((claims / uuid).c_str()) != 0) continue;
    any = true;
    ::rmdir(claims.c_str());  // once it is nobody's
  }
  return any;
}

bool is_claimed(const std::string& bridge) {
  std::error_code failed;
  return is_bridge_name(bridge) && fs::exists(claims_of(bridge), failed);
}

bool has_claims() {
  return !all_claims().empty();
}

}  // namespace virt_iface::hook
