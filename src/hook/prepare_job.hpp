// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>

#include "hook/settings.hpp"
#include "job/job.hpp"
#include "xml/document.hpp"

namespace virt_iface::hook {

/// What is to be done for a guest that runs.
struct PreparedJob {
  std::optional<Job> job{};  ///< nothing where it has every interface asked for
  std::string text{};        ///< for its report
};

/// Looks what a running guest lacks of what the policy asks for. Throws Error (invalid) where that is known
/// to be impossible.
PreparedJob prepare_job(const Document& document, const Settings& settings);

/// The job for a guest that just started.
Job make_job(const Document& document, const Settings& settings);

/// An interface as --interface takes it.
std::string option_of(const Interface& interface);

}  // namespace virt_iface::hook
