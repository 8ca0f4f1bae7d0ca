// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "batch/document_editor.hpp"

namespace virt_iface {

/// What became of one document.
struct DocumentResult {
  std::string label{};
  std::string uri{};             ///< of a guest: libvirt's
  bool from_next_start = false;  ///< of a guest that runs: only its configuration changes
  std::uint32_t number = 0;      ///< see Summary::label_of
  bool from_stdin = false;
  bool nul = false;      ///< a NUL follows it on stdout
  bool tail = false;     ///< no document, only what stood behind the last one
  bool dropped = false;  ///< a stop came first: nothing was done
  bool skipped = false;  ///< found with -r, and no document of ours: a warning says what it is
  EditedDocument result{};
  std::optional<Error> error{};
};

}  // namespace virt_iface
