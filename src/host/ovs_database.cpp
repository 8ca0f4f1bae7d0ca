// SPDX-License-Identifier: LGPL-2.1-or-later
#include "host/ovs_database.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/file.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::json;

constexpr std::string_view socket_path = "/run/openvswitch/db.sock";

/// A bridge for one VLAN of another is a port that says so.
constexpr std::string_view request =
    R"({"method":"transact","id":0,"params":["Open_vSwitch",)"
    R"({"op":"select","table":"Bridge","where":[],"columns":["name"]},)"
    R"({"op":"select","table":"Port","where":[["fake_bridge","==",true]],"columns":["name"]}]})";

/// It waits no longer than that to connect, and for what is read from it.
Descriptor connected(std::chrono::microseconds patience) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::ranges::copy(socket_path, std::begin(address.sun_path));
  timeval const limit{.tv_sec = patience.count() / 1'000'000, .tv_usec = patience.count() % 1'000'000};
  Descriptor made(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): as connect takes it
  auto const* const there = reinterpret_cast<const sockaddr*>(&address);
  const auto limited = [&](int what) {
    return ::setsockopt(made.get(), SOL_SOCKET, what, &limit, sizeof limit) == 0;
  };
  const bool open = made && limited(SO_SNDTIMEO) && limited(SO_RCVTIMEO) &&
                    ::connect(made.get(), there, sizeof address) == 0;
  return open ? std::move(made) : Descriptor();
}

/// One JSON text, which nothing ends but its own end; discarded where there is none.
Json read_json(int socket) {
  std::string text;
  Json json = Json::value_t::discarded;
  std::array<char, 65536> part{};
  for (ssize_t size = 1; json.is_discarded() && size > 0;) {
    size = ::recv(socket, part.data(), part.size(), 0);
    text.append(part.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    json = Json::parse(text, nullptr, false);
  }
  return json;
}

}  // namespace

std::optional<std::vector<std::string>> bridges_in_database(std::chrono::milliseconds limit) {
  Descriptor const socket = connected(std::max(limit, std::chrono::milliseconds(1)));
  if (!socket || ::send(socket.get(), request.data(), request.size(), MSG_NOSIGNAL) < 0) return std::nullopt;
  const Json answer = read_json(socket.get());
  try {
    std::vector<std::string> names;
    if (answer.at("result").size() != 2) return std::nullopt;
    for (const Json& table : answer.at("result"))
      for (const Json& row : table.at("rows")) names.push_back(row.at("name"));
    std::ranges::sort(names);
    return names;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

}  // namespace virt_iface
