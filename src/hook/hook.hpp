// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <string>

#include "hook/event.hpp"
#include "hook/settings.hpp"

namespace virt_iface::hook {

/// One call: what libvirt said, and where the configuration is.
struct Call {
  Event event{};
  std::string conf = standard_conf;
};

/// Does what hook.conf says at this event, with the guest's document on stdin; stdout is written to only when
/// a source was rewritten. Returns the exit status; messages that go with a refusal are on stderr. Never
/// throws.
Exit run(const Call& call);

}  // namespace virt_iface::hook
