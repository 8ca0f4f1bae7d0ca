// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "batch/batch_options.hpp"
#include "batch/input.hpp"

namespace virt_iface {

/// What a document's name ends in; what a template's does.
inline constexpr std::array<std::string_view, 1> document_endings{".xml"};
inline constexpr std::array<std::string_view, 2> template_endings{".conf", ".json"};

/// Every document file that the command line names: its words, the files beneath a directory with -r that end
/// so, and the lines of --files-from. Without any, stdin. The directory of --output-dir is not searched.
/// Throws Error (usage; system where a directory or a list cannot be read).
std::vector<FileName> document_files(const BatchOptions& options, const std::vector<std::string>& words,
                                     StdinReader& input,
                                     std::span<const std::string_view> endings = document_endings);

/// What is said when no document came: from stdin, or because --files-from and -r named no file.
Error no_document(const std::vector<FileName>& files);

}  // namespace virt_iface
