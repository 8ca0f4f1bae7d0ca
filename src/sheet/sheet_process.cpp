// SPDX-License-Identifier: LGPL-2.1-or-later
#include "sheet/sheet_process.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
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

/// What goes to and fro: a document, and what there is to say of it.
struct Frame {
  Json head{};
  std::string document{};
};

// In front of it a mark and two sizes. What has no mark is a process's last word (base/ending.hpp).
constexpr char mark = '=';
using Sizes = std::array<std::uint64_t, 2>;
constexpr std::size_t front_size = 1 + sizeof(Sizes);

/// The frame that the text is, if it is all there.
std::optional<Frame> frame_of(const std::string& text) {
  if (text.size() < front_size || text[0] != mark) return std::nullopt;
  Sizes sizes{};
  std::memcpy(&sizes, text.data() + 1, sizeof sizes);
  if (text.size() - front_size < sizes[0] + sizes[1]) return std::nullopt;
  std::string_view const head(text.data() + front_size, sizes[0]);
  return Frame{Json::from_msgpack(head), text.substr(front_size + sizes[0])};
}

bool send(int connection, const Frame& frame) {
  std::string text(front_size, mark);
  Json::to_msgpack(frame.head, text);
  Sizes const sizes{text.size() - front_size, frame.document.size()};
  std::memcpy(text.data() + 1, &sizes, sizeof sizes);
  text += frame.document;
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

Frame transformed(const Frame& asked, const Stylesheet& sheet, const Stylesheet::Parameters& parameters) {
  try {
    limit_time(sandbox::time_limit + asked.document.size() / (std::size_t{1} << 20U));
    TransformedDocument done = transform_document(asked.document, sheet, parameters, asked.head);
    return {Json::array({0, json_of(done.notes)}), std::move(done.bytes)};
  } catch (const Error& error) {
    return {Json::array({static_cast<int>(error.status()), json_of(error.messages())}), {}};
  } catch (const std::bad_alloc&) {
    end_at_once("out of memory\n", Exit::system);
  }
}

/// One document after the other, until there is no more.
void serve(int connection, const Stylesheet& sheet, const Stylesheet::Parameters& parameters) {
  for (;;) {
    std::string text;
    std::optional<Frame> asked;
    while (!asked)
      if (take(connection, text))
        asked = frame_of(text);
      else
        return;
    Frame const answer = transformed(*asked, sheet, parameters);
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
                "the host may be short of memory");
  auto const status = static_cast<Exit>(said[0] - '0');
  constexpr std::string_view front = "virt-iface: error: ";
  said = trim(said.substr(1));
  if (said.starts_with(front)) said.remove_prefix(front.size());
  throw Error(status, Place{.file = file}, std::string(said),
              status == Exit::invalid ? "make sure that it ends" : std::string());
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
  Descriptor connection = std::move(connection_);  // it stays only if all goes well
  send(connection.get(), {file, bytes});           // of an end that is gone, the answer says so
  std::string said;
  std::optional<Frame> answer;
  while (!answer) {
    if (!wait_readable(connection.get())) throw Interrupted{stop_signal()};
    if (!take(connection.get(), said)) throw_end(said, file);
    answer = frame_of(said);
  }
  connection_ = std::move(connection);
  auto const status = static_cast<Exit>(answer->head[0].get<int>());
  std::vector<Message> messages = messages_of(answer->head[1]);
  if (status != Exit::ok) throw Error(status, std::move(messages));
  return {.bytes = std::move(answer->document), .notes = std::move(messages)};
}

}  // namespace virt_iface
