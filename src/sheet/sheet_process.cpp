// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/sheet_process.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>

#include "base/ending.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "sheet/sandbox.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::json;

// What goes to and fro is framed: a mark, the size of what follows, and that. What has no mark in front is a
// process's last word (base/ending.hpp).
constexpr char mark = '=';
constexpr std::size_t head_size = 1 + sizeof(std::uint64_t);

/// The frame that the text begins with, if it is all there.
std::optional<Json> frame_of(const std::string& text) {
  if (text.size() < head_size || text[0] != mark) return std::nullopt;
  std::uint64_t size = 0;
  std::memcpy(&size, text.data() + 1, sizeof size);
  if (text.size() - head_size < size) return std::nullopt;
  return Json::from_msgpack(text.begin() + head_size, text.end());
}

bool send(int connection, const Json& json) {
  std::string text(head_size, mark);
  Json::to_msgpack(json, text);
  std::uint64_t const size = text.size() - head_size;
  std::memcpy(text.data() + 1, &size, sizeof size);
  std::string_view rest = text;
  while (!rest.empty()) {
    ssize_t const sent = ::send(connection, rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EINTR) return false;
    rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(sent, 0)));
  }
  return true;
}

/// Appends what is there; false at the end.
bool take(int connection, std::string& text) {
  std::array<char, 65536> buffer{};
  ssize_t const count = ::read(connection, buffer.data(), buffer.size());
  if (count > 0) text.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && errno == EINTR);
}

Json json_of(const std::vector<Message>& messages) {
  Json json = Json::array();
  for (const Message& m : messages)
    json.push_back(Json::array({static_cast<int>(m.severity), m.place.file, m.place.line, m.place.column,
                                m.place.source_line, m.place.cut, m.text, m.hint}));
  return json;
}

std::vector<Message> messages_of(const Json& json) {
  std::vector<Message> messages;
  messages.reserve(json.size());
  for (const Json& m : json)
    messages.push_back({static_cast<Severity>(m[0].get<int>()),
                        {.file = m[1], .line = m[2], .column = m[3], .source_line = m[4], .cut = m[5]},
                        m[6],
                        m[7],
                        {}});
  return messages;
}

/// CPU time for what follows; 0: as much as it likes.
void limit_time(std::size_t seconds) {
  std::signal(SIGPROF, [](int) { end_at_once("the stylesheet takes too long\n", Exit::invalid); });
  itimerval limit{};
  limit.it_value.tv_sec = static_cast<time_t>(seconds);
  ::setitimer(ITIMER_PROF, &limit, nullptr);
}

Json transformed(const Json& asked, const Stylesheet& sheet, const Stylesheet::Parameters& parameters) {
  try {
    auto const& bytes = asked[0].get_ref<const std::string&>();
    limit_time(sandbox::time_limit + bytes.size() / (std::size_t{1} << 20U));
    TransformedDocument const done = transform_document(bytes, sheet, parameters, asked[1]);
    return Json::array({0, json_of(done.notes), done.bytes});
  } catch (const Error& error) {
    return Json::array({static_cast<int>(error.status()), json_of(error.messages())});
  } catch (const std::bad_alloc&) {
    end_at_once("out of memory\n", Exit::system);
  }
}

/// One document after the other, until there is no more.
void serve(int connection, const Stylesheet& sheet, const Stylesheet::Parameters& parameters) {
  for (;;) {
    std::string text;
    std::optional<Json> asked;
    while (!asked)
      if (take(connection, text))
        asked = frame_of(text);
      else
        return;
    Json const answer = transformed(*asked, sheet, parameters);
    limit_time(0);
    if (!send(connection, answer)) return;
  }
}

/// Where memory runs out, the kernel kills this process before others.
void offer_itself() {
  try {
    write_all(open_to_write("/proc/self/oom_score_adj").get(), "1000", "oom_score_adj");
  } catch (const Error&) {
    return;  // then it chooses by size alone, which is as good as ever
  }
}

/// What a process said before it ended, which was not what it was asked for.
[[noreturn]] void throw_end(std::string_view said, const std::string& file) {
  bool const in_words = !said.empty() && said[0] != mark;
  if (!in_words)
    throw Error(Exit::system, Place{.file = file}, "the process that ran the stylesheet was killed",
                "was memory short?");
  auto const status = static_cast<Exit>(said[0] - '0');
  constexpr std::string_view front = "virt-iface: error: ";
  said = trim(said.substr(1));
  if (said.starts_with(front)) said.remove_prefix(front.size());
  throw Error(status, Place{.file = file}, std::string(said),
              status == Exit::invalid ? "does it end?" : std::string());
}

}  // namespace

std::shared_ptr<const Keeper> keep_sheet(std::shared_ptr<const Stylesheet> sheet,
                                         Stylesheet::Parameters parameters) {
  return std::make_shared<Keeper>(
      [sheet = std::move(sheet), parameters = std::move(parameters)](int connection) {
        offer_itself();
        serve(connection, *sheet, parameters);
      });
}

TransformedDocument SheetProcess::transform(const std::string& bytes, const std::string& file) {
  if (!connection_) connection_ = keeper_->start();
  Descriptor connection = std::move(connection_);      // it stays only if all goes well
  send(connection.get(), Json::array({bytes, file}));  // of an end that is gone, the answer says so
  std::string said;
  std::optional<Json> answer;
  while (!answer) {
    if (!wait_readable(connection.get())) throw Interrupted{stop_signal()};
    if (!take(connection.get(), said)) throw_end(said, file);
    answer = frame_of(said);
  }
  connection_ = std::move(connection);
  auto const status = static_cast<Exit>((*answer)[0].get<int>());
  std::vector<Message> messages = messages_of((*answer)[1]);
  if (status != Exit::ok) throw Error(status, std::move(messages));
  return {.bytes = std::move((*answer)[2].get_ref<std::string&>()), .notes = std::move(messages)};
}

}  // namespace virt_iface
