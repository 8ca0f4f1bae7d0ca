// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <filesystem>
#include <string>

#include "base/file.hpp"

namespace virt_iface::hook {

/// What the hook remembers until the host restarts.
inline constexpr const char* run_directory = "/run/virt-iface";

/// Makes a directory where it is missing. Throws Error (system) for one that is a link, or that others can
/// write: we write as root.
void make_directory(const std::filesystem::path& path);

/// A directory of ours below run_directory, made where it is missing.
std::filesystem::path directory(const char* name);

/// True for a UUID as libvirt writes it. Whatever else a document says for one becomes no path and no word of
/// a command.
bool is_uuid(const std::string& text);

/// Held while nobody else may do the same: guests start side by side. `name` is a plain word or a UUID. Its
/// file is removed while it is still held, so that none is left behind.
class Lock {
 public:
  /// Throws Error (system).
  explicit Lock(const std::string& name);
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock();

 private:
  std::string path_;
  Descriptor descriptor_{};
};

}  // namespace virt_iface::hook
