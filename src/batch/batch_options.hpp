// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"

namespace virt_iface {

/// What a command line says of documents in and out; no option that is named here has been checked.
struct BatchOptions {
  bool recursive = false;
  std::string files_from{};  ///< a list of files; `-` is stdin
  bool null = false;         ///< a NUL ends each document on stdin and stdout, or each name in the list
  bool huge = false;

  bool check = false;
  bool diff = false;
  bool in_place = false;
  std::optional<std::string> backup{};  ///< the suffix
  std::string output{};                 ///< of -o
  std::string output_dir{};
  std::string report{};

  unsigned jobs = 1;
  bool fail_fast = false;
  bool quiet = false;
  MessageStyle style = MessageStyle::text;  ///< of messages; with json the summary is JSON too

  std::string conf{};  ///< what is read besides, and is not to be written over
  std::string stylesheet{};
};

}  // namespace virt_iface
