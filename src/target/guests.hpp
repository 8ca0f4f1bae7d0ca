// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>
#include <vector>

#include "live/guest_plan.hpp"
#include "target/arguments.hpp"

namespace virt_iface {

/// The guests of one libvirt that --connect, --domain and --all name.
struct Estate {
  Connection libvirt;
  std::string uri{};            ///< as libvirt has it
  bool implied = false;         ///< no --connect: libvirt's default
  std::vector<Guest> guests{};  ///< each once; of --all those that have what --live and --config ask for
};

/// Connects to each libvirt once, for changes or for reading. Throws Error (invalid), with the URIs, for a
/// guest that is on none of them, and where libvirt's default has none at all.
std::vector<Estate> open_estates(const Arguments& arguments, Access access);

/// A guest and where it is.
struct Member {
  std::size_t number = 0;  ///< of its libvirt among the estates
  const Estate& estate;
  const Guest& guest;
};
/// All guests of all of them, in their order.
std::vector<Member> members_of(const std::vector<Estate>& estates);

/// The URIs, joined by a comma.
std::string uris_of(const std::vector<Estate>& estates);

/// --live, --config, --current or neither: then the persistent configuration if there is one and the running
/// guest if it runs. Throws Error (system) for a guest that has not what is asked for.
Views views_of(const Guest& guest, const Arguments& arguments);

}  // namespace virt_iface
