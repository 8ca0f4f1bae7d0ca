// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/reports.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/replace.hpp"
#include "job/run_directory.hpp"
#include "job/syslog.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

/// The history is cut to half of that, in bytes, when it is longer.
constexpr std::size_t longest_history = 128U << 10U;

std::string now() {
  std::time_t const seconds = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

fs::path report_path(const std::string& uuid, const std::string& task) {
  return fs::path(run_directory) / "guests" / (uuid + '.' + task);
}
fs::path history_path() {
  return fs::path(run_directory) / "history";
}
fs::path call_path() {
  return fs::path(run_directory) / "called";
}

std::string line_of(const Report& report) {
  nlohmann::json json{{"guest", report.guest},     {"uuid", report.uuid}, {"task", report.task},
                      {"outcome", report.outcome}, {"text", report.text}, {"time", report.time}};
  if (!report.updates.empty()) json["updates"] = report.updates;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

Report report_of(const std::string& text) {
  nlohmann::json const json = nlohmann::json::parse(text);
  Report report{.guest = json.at("guest"),
                .uuid = json.at("uuid"),
                .task = json.at("task"),
                .outcome = json.at("outcome"),
                .text = json.at("text"),
                .time = json.at("time")};
  if (json.contains("updates")) report.updates = json.at("updates");
  return report;
}

/// Nothing where no file can be made: then there is nothing to keep either.
std::optional<Lock> lock_of(const std::string& name) {
  try {
    return std::optional<Lock>(std::in_place, name);
  } catch (const Error&) {
    return std::nullopt;
  }
}

std::string text_of(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed) ? read_file(path) : std::string();
}

/// Keeps the newest half of a history that is too long, by whole lines.
std::string shortened(std::string text) {
  if (text.size() <= longest_history) return text;
  return text.substr(text.find('\n', text.size() - longest_history / 2) + 1);
}

void add_to_history(const Report& report) {
  std::optional<Lock> const lock = lock_of("history");
  fs::path const path = history_path();
  std::error_code failed;
  if (auto const size = fs::file_size(path, failed); !failed && size > longest_history)
    replace_file(path, shortened(text_of(path)));
  Descriptor const file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (file) write_all(file.get(), line_of(report), path.string());
}

/// What cannot be kept is logged.
template <class Work>
void carefully(Work work) {
  if (::geteuid() != 0) return;
  try {
    make_directory(run_directory);
    work();
  } catch (const std::exception& error) {
    log_message(Severity::warning, std::string("the report of a guest could not be kept: ") + error.what());
  }
}

}  // namespace

void keep_report(Report report) {
  if (!is_uuid(report.uuid)) return note_report(std::move(report));
  carefully([&] {
    report.time = now();
    directory("guests");
    replace_file(report_path(report.uuid, report.task), line_of(report));
    if (report.outcome != "pending") add_to_history(report);
  });
}

void note_report(Report report) {
  carefully([&] {
    report.time = now();
    add_to_history(report);
  });
}

bool has_reports() {
  std::error_code failed;
  return !fs::is_empty(fs::path(run_directory) / "guests", failed) && !failed;
}

void change_report(const Report& report) {
  if (!is_uuid(report.uuid) || ::geteuid() != 0) return;
  std::optional<Lock> const lock = lock_of(report.uuid + ".reports");
  std::error_code failed;
  if (fs::exists(report_path(report.uuid, report.task), failed)) keep_report(report);
}

std::optional<Report> kept_report(const std::string& uuid, const std::string& task) {
  try {
    if (is_uuid(uuid)) return report_of(read_file(report_path(uuid, task)));
  } catch (const std::exception&) {
    // There is none.
  }
  return std::nullopt;
}

std::vector<Report> kept_reports() {
  std::vector<Report> reports;
  std::error_code failed;
  for (fs::directory_iterator entry(fs::path(run_directory) / "guests", failed), end; !failed && entry != end;
       entry.increment(failed)) {
    try {
      reports.push_back(report_of(read_file(entry->path())));
    } catch (const std::exception&) {
      // It was removed meanwhile, or is the temporary file of one being written.
    }
  }
  if (failed && failed != std::errc::no_such_file_or_directory)
    throw system_error(std::string("cannot read '") + run_directory + "'", failed.value());
  std::ranges::sort(reports, {}, [](const Report& r) { return std::tie(r.guest, r.uuid, r.task); });
  return reports;
}

std::vector<Report> history() {
  std::vector<Report> reports;
  std::istringstream lines(text_of(history_path()));
  for (std::string line; std::getline(lines, line);) {
    try {
      reports.push_back(report_of(line));
    } catch (const std::exception&) {
      // Half a line, of a host that lost its power.
    }
  }
  return reports;
}

void forget_reports(const std::string& uuid) {
  if (!is_uuid(uuid) || ::geteuid() != 0) return;
  std::optional<Lock> const lock = lock_of(uuid + ".reports");
  for (const char* task : {"check", "retarget", "inject"}) {
    std::error_code ignored;
    fs::remove(report_path(uuid, task), ignored);
  }
}

void note_call(const std::string& guest, const std::string& operation) noexcept {
  if (::geteuid() != 0) return;
  try {
    make_directory(run_directory);
    std::string const path = call_path();
    Descriptor const file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
    if (file) write_all(file.get(), line_of({.guest = guest, .task = operation, .time = now()}), path);
  } catch (const std::exception&) {
    // What of /run cannot be written is reported elsewhere.
  }
}

Report last_call() {
  try {
    return report_of(text_of(call_path()));
  } catch (const std::exception&) {
    return {};
  }
}

}  // namespace virt_iface::hook
