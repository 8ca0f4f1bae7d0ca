// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// Ports of the host that lead to the guest: one `<portForward>` of libvirt. Without ranges: all ports.
struct PortForward {
  struct Range {
    unsigned start = 0;
    unsigned end = 0;      ///< start where it is one port
    unsigned to = 0;       ///< the guest's first port; 0: the same
    bool exclude = false;  ///< these not
    bool operator==(const Range&) const = default;
  };
  std::string address{};  ///< of the host; empty: every one
  std::string dev{};      ///< the host interface that has the address
  std::string proto = "tcp";
  std::vector<Range> ranges{};
};

/// What `[ADDRESS[%DEV]:]START[-END][:TO][/tcp|udp]`, several by comma, says: `!START[-END]` takes ports off
/// the one before, `/udp` alone is every port, an IPv6 address stands in brackets.
struct PortForwards {
  std::vector<PortForward> rules{};
  std::string fault{};  ///< what is wrong with a part, as in `'x' is no port`; empty: nothing
  std::string hint{};
};

PortForwards parse_port_forwards(std::string_view text);

/// The same as text, each spelled one way.
std::string port_forward_text(const std::vector<PortForward>& rules);

}  // namespace virt_iface
