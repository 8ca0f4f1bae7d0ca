// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/state.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/replace.hpp"
#include "hook/journal.hpp"
#include "host/ovs.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// Makes it where it is missing. One that is a link, or that others can write, is not used: we write as root.
void make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0755) != 0 && errno != EEXIST)
    throw system_error("cannot make '" + path.string() + "'", errno);
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0)
    throw system_error("cannot look at '" + path.string() + "'", errno);
  if (!S_ISDIR(status.st_mode) || status.st_uid != ::geteuid() || (status.st_mode & (S_IWGRP | S_IWOTH)) != 0)
    throw Error(Exit::system, "'" + path.string() + "' is not a folder of its owner's alone",
                "move it away: the hook makes its own");
}

/// A folder of ours below /run.
fs::path folder(const char* name) {
  fs::path const path = fs::path(state_folder) / name;
  make_folder(state_folder);
  make_folder(path);
  return path;
}

std::string now() {
  std::time_t const seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

fs::path report_path(const std::string& uuid, const std::string& task) {
  return fs::path(state_folder) / "guests" / (uuid + '.' + task);
}

Report read_report(const fs::path& path) {
  nlohmann::json const json = nlohmann::json::parse(read_file(path));
  return {json.at("guest"),   json.at("uuid"), json.at("task"),
          json.at("outcome"), json.at("text"), json.at("time")};
}

constexpr std::string_view claims_prefix = "br-";

/// A bridge's name comes out of a document and becomes a part of a path: one that no bridge can have is
/// refused.
fs::path claims_of(const std::string& bridge) {
  return folder("bridges") / std::string(claims_prefix).append(bridge_name(bridge));
}

/// Nothing where no file can be made: then there is nothing to keep either.
std::optional<Lock> lock_of_reports(const std::string& uuid) {
  try {
    return std::optional<Lock>(std::in_place, uuid + ".reports");
  } catch (const Error&) {
    return std::nullopt;
  }
}

bool is_filled(const char* name) {
  std::error_code failed;
  return !fs::is_empty(fs::path(state_folder) / name, failed) && !failed;
}

}  // namespace

bool is_uuid(const std::string& text) {
  return text.size() == 36 && text.find_first_not_of("0123456789abcdefABCDEF-") == std::string::npos;
}

void keep_report(Report report) {
  if (!is_uuid(report.uuid) || ::geteuid() != 0) return;
  try {
    nlohmann::json const json{{"guest", report.guest},     {"uuid", report.uuid}, {"task", report.task},
                              {"outcome", report.outcome}, {"text", report.text}, {"time", now()}};
    std::string const text = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
    folder("guests");
    replace_file(report_path(report.uuid, report.task), text);
  } catch (const std::exception& error) {
    log_message(Severity::warning, std::string("the report of a guest could not be kept: ") + error.what());
  }
}

bool has_reports() {
  return is_filled("guests");
}

void change_report(const Report& report) {
  if (!is_uuid(report.uuid) || ::geteuid() != 0) return;
  std::optional<Lock> const lock = lock_of_reports(report.uuid);
  std::error_code failed;
  if (fs::exists(report_path(report.uuid, report.task), failed)) keep_report(report);
}

std::vector<Report> kept_reports() {
  std::vector<Report> reports;
  std::error_code failed;
  for (fs::directory_iterator entry(fs::path(state_folder) / "guests", failed), end; !failed && entry != end;
       entry.increment(failed)) {
    try {
      reports.push_back(read_report(entry->path()));
    } catch (const std::exception&) {
      // It was taken away meanwhile, or is the temporary file of one being written.
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    throw system_error(std::string("cannot read '") + state_folder + "'", failed.value());
  std::ranges::sort(reports, {}, [](const Report& r) { return std::tie(r.guest, r.uuid, r.task); });
  return reports;
}

void forget_reports(const std::string& uuid) {
  if (!is_uuid(uuid) || ::geteuid() != 0) return;
  std::optional<Lock> const lock = lock_of_reports(uuid);
  for (const char* task : {"check", "move", "inject"}) {
    std::error_code ignored;
    fs::remove(report_path(uuid, task), ignored);
  }
}

void claim_bridge(const std::string& bridge, const std::string& uuid) {
  if (!is_uuid(uuid)) return;
  fs::path const claims = claims_of(bridge);
  make_folder(claims);
  int const how = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW;
  Descriptor const claim(::open((claims / uuid).c_str(), how, 0644));
  if (!claim) throw system_error("cannot make '" + (claims / uuid).string() + "'", errno);
}

bool release_bridge(const std::string& bridge, const std::string& uuid) {
  if (!is_uuid(uuid) || !is_bridge_name(bridge)) return false;
  fs::path const claims = claims_of(bridge);
  ::unlink((claims / uuid).c_str());
  return ::rmdir(claims.c_str()) == 0 || errno == ENOENT;
}

bool has_claims() {
  return is_filled("bridges");
}

std::set<std::string> claimed_bridges(const std::string& uuid) {
  std::set<std::string> names;
  std::error_code failed;
  if (!is_uuid(uuid)) return names;
  for (fs::directory_iterator entry(fs::path(state_folder) / "bridges", failed), end; !failed && entry != end;
       entry.increment(failed)) {
    std::string const name = entry->path().filename();
    std::error_code ignored;
    if (name.starts_with(claims_prefix) && fs::exists(entry->path() / uuid, ignored))
      names.insert(name.substr(claims_prefix.size()));
  }
  return names;
}

Lock::Lock(const std::string& name) : path_(folder("locks") / name) {
  struct stat status {};
  do {
    descriptor_ = Descriptor(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    int locked = descriptor_ ? ::flock(descriptor_.get(), LOCK_EX) : -1;
    while (locked != 0 && errno == EINTR) locked = ::flock(descriptor_.get(), LOCK_EX);
    if (locked != 0 || ::fstat(descriptor_.get(), &status) != 0)
      throw system_error("cannot lock '" + path_ + "'", errno);
    // Whoever held it took it away: who locks that file now keeps nobody out.
  } while (status.st_nlink == 0);
}

Lock::~Lock() {
  ::unlink(path_.c_str());
}

}  // namespace virt_iface::hook
