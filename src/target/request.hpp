// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "batch/batch_options.hpp"
#include "batch/input.hpp"
#include "spec/spec.hpp"
#include "target/options.hpp"
#include "template/template_file.hpp"

namespace virt_iface {

/// stdin as -0 says it is read, or `otherwise`.
std::shared_ptr<StdinReader> standard_input(const Arguments& arguments, Split otherwise = Split::documents);

/// The file of -c, or for `-` stdin, which must have room for it. Throws Error.
TemplateFile read_conf(const Arguments& arguments, Target target, const std::vector<std::string>& words,
                       StdinReader& input);

/// What -c, --interface or the text in front of the documents ask for. Throws Error (usage) when none of the
/// three is there and stdin is a terminal, or when what is worked on leaves no room for a configuration on
/// stdin.
struct Request {
  Spec spec{};
  bool from_file = false;  ///< a configuration was read: it may imply the network `default`
};
Request read_request(const Arguments& arguments, Target target, const std::vector<std::string>& words,
                     StdinReader& input);

/// What the options say of documents in and out. Throws Error (usage).
BatchOptions batch_options(const Arguments& arguments);

/// How many threads --jobs asks for. Throws Error (usage).
unsigned jobs_of(const Arguments& arguments);

/// That of --libvirt, 0 without it. Throws Error (usage) for what is no version.
Libvirt libvirt_of(const Arguments& arguments);

/// Throws Error (usage) for options about many documents that make no sense together.
void require_consistent(const Arguments& arguments);

/// Throws Error (usage) if a document would have to come from a terminal.
void require_documents(const Arguments& arguments, const std::vector<std::string>& words);

}  // namespace virt_iface
