// SPDX-License-Identifier: LGPL-2.1-or-later
#include "hook/install.hpp"
#include "hook/confinement.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

#include "base/file.hpp"
#include "base/replace.hpp"
#include "base/text.hpp"
#include "hook/settings.hpp"
#include "scripts.hpp"

namespace virt_iface::hook {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view hooks_directory = "/etc/libvirt/hooks";
constexpr std::string_view script_name = "50-virt-iface";
/// Stands in every script of ours, and in nobody else's.
constexpr std::string_view mark = "# virt-iface's hook script for libvirt";
constexpr std::string_view program_line = "program=/usr/bin/virt-iface\n";

std::string read_if_there(const fs::path& path) {
  std::error_code failed;
  return fs::is_regular_file(path, failed) ? read_file(path) : std::string();
}

bool is_there(const fs::path& path) {
  std::error_code failed;
  return fs::exists(fs::symlink_status(path, failed));
}

/// Ours is a script with our mark, or a link to a program of our name.
bool is_ours(const fs::path& path) {
  std::error_code failed;
  if (fs::is_symlink(fs::symlink_status(path, failed)))
    return fs::read_symlink(path, failed).filename() == "virt-iface";
  return read_if_there(path).find(mark) != std::string::npos;
}

void require_ours(const fs::path& path) {
  if (is_there(path) && !is_ours(path))
    throw Error(Exit::invalid, "'" + path.string() + "' is somebody else's file",
                "look at it, and move it away");
}

std::vector<fs::path> places() {
  std::vector<fs::path> found{fs::path(hooks_directory) / "qemu.d" / script_name};
  std::error_code failed;
  fs::path const libxl = fs::path(hooks_directory) / "libxl.d" / script_name;
  if (fs::exists("/etc/libvirt/libxl.conf", failed) || is_there(libxl)) found.push_back(libxl);
  return found;
}

std::string quoted(const std::string& path) {
  std::string text = "'";
  for (char c : path) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + '\'';
}

std::string script_for(const std::string& program) {
  std::string script(scripts::hook);
  std::size_t const at = script.find(program_line);
  bool const plain =
      program.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._+-") ==
      std::string::npos;
  return script.replace(at, program_line.size(), "program=" + (plain ? program : quoted(program)) + '\n');
}

bool is_as_installed(const fs::path& path, const std::string& script) {
  std::error_code failed;
  fs::file_status const status = fs::symlink_status(path, failed);
  return fs::is_regular_file(status) && status.permissions() == fs::perms{0755} && read_file(path) == script;
}

Message no_conf_yet() {
  return {.severity = Severity::note,
          .text = std::string("there is no ") + standard_conf + ": the hook does nothing yet",
          .hint = "virt-iface-hook(7) shows one"};
}

}  // namespace

Installed install(const std::string& program) {
  Installed result;
  std::string const script = script_for(program);
  std::vector<fs::path> const paths = places();
  for (const fs::path& path : paths) require_ours(path);
  for (const fs::path& path : paths) {
    if (is_as_installed(path, script)) {
      result.unchanged.push_back(path);
      continue;
    }
    std::error_code failed;
    fs::create_directories(path.parent_path(), failed);
    if (failed) throw system_error("cannot make '" + path.parent_path().string() + "'", failed.value());
    // What is written to a link goes to the program that it leads to.
    if (fs::is_symlink(fs::symlink_status(path, failed)) && ::unlink(path.c_str()) != 0)
      throw system_error("cannot remove '" + path.string() + "'", errno);
    replace_file(path, script);
    if (::chmod(path.c_str(), 0755) != 0)
      throw system_error("cannot make '" + path.string() + "' a program", errno);
    result.files.push_back(path);
  }
  result.warnings = confinement_of(program);
  if (!is_there(standard_conf)) result.warnings.push_back(no_conf_yet());
  return result;
}

std::vector<std::string> installed_scripts() {
  std::vector<std::string> found;
  for (const fs::path& path : places())
    if (is_ours(path)) found.push_back(path);
  return found;
}

std::vector<Message> outdated_scripts(const std::string& program) {
  std::vector<Message> warnings;
  for (const std::string& path : installed_scripts())
    if (read_if_there(path) != script_for(program))
      warnings.push_back({.severity = Severity::warning,
                          .text = path + " is not the script of this version of the program",
                          .hint = "virt-iface hook --install"});
  return warnings;
}

std::vector<std::string> scripts_before_ours() {
  std::vector<std::string> found;
  fs::path const main = fs::path(hooks_directory) / "qemu";
  if (::access(main.c_str(), X_OK) == 0) found.push_back(main);
  std::vector<std::string> others;
  std::error_code failed;
  for (fs::directory_iterator entry(main.string() + ".d", failed), end; !failed && entry != end;
       entry.increment(failed))
    if (::access(entry->path().c_str(), X_OK) == 0 && entry->path().filename() < script_name)
      others.push_back(entry->path());
  std::ranges::sort(others);
  found.insert(found.end(), others.begin(), others.end());
  return found;
}

Installed uninstall() {
  Installed result;
  std::vector<fs::path> const paths = places();
  for (const fs::path& path : paths) require_ours(path);
  for (const fs::path& path : paths) {
    if (!is_there(path)) continue;
    if (::unlink(path.c_str()) != 0) throw system_error("cannot remove '" + path.string() + "'", errno);
    result.files.push_back(path);
  }
  return result;
}

}  // namespace virt_iface::hook
