// SPDX-License-Identifier: LGPL-2.1-or-later
#include "job/apply_call.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "base/process.hpp"
#include "job/syslog.hpp"

namespace virt_iface::hook {
namespace {

constexpr std::chrono::seconds patience{40};

std::vector<std::string> words_on(const Job& job, const char* command) {
  return {command, "--error-format", "json", "--connect", job.connect, "--domain", job.uuid};
}

/// An error of the program, as --error-format json prints it.
struct Fault {
  std::string id{};
  std::string text{};
};

std::string text_at(const nlohmann::json& json, const char* key) {
  auto const found = json.find(key);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The first error among what it printed: warnings may stand before it, and what libvirt's library prints.
Fault fault_in(const std::string& printed) {
  std::istringstream lines(printed);
  for (std::string line; std::getline(lines, line);) {
    nlohmann::json const json = nlohmann::json::parse(line, nullptr, false);
    if (!json.is_object() || text_at(json, "severity") != "error") continue;
    std::string hint = text_at(json, "hint");
    if (hint.empty()) hint = text_at(json, "cure");
    Message const message{.text = text_at(json, "message"), .hint = hint};
    return {.id = text_at(json, "id"), .text = one_line(message)};
  }
  return {};
}

/// What an error's id says of trying again.
Called::Kind kind_of(const std::string& id) {
  struct Row {
    std::string_view id;
    Called::Kind kind;
  };
  constexpr std::array<Row, 5> rows{{{"no-such-guest", Called::Kind::gone},
                                     {"no-such-interface", Called::Kind::missing},
                                     {"guest-not-running", Called::Kind::gone},
                                     {"guest-not-persistent", Called::Kind::transient},
                                     {"no-free-slot", Called::Kind::refused}}};
  auto const row = std::ranges::find(rows, std::string_view(id), &Row::id);
  return row == rows.end() ? Called::Kind::failed : row->kind;
}

Called outcome_of(const Finished& finished) {
  if (finished.status == 0) return {.kind = Called::Kind::done};
  Fault const fault = fault_in(finished.err);
  Called called{.kind = kind_of(fault.id), .reason = fault.text};
  if (fault.id == "no-free-slot")
    called.reason =
        "no free PCI slot (give a q35 guest one more <controller type='pci' model='pcie-root-port'/> for "
        "each)";
  if (called.reason.empty()) called.reason = "it ended with status " + std::to_string(finished.status);
  // The configuration's or the document's fault: it stays however often it is tried.
  bool const final = finished.status == 2 || finished.status == 3;
  if (called.kind == Called::Kind::failed && final) called.kind = Called::Kind::refused;
  return called;
}

}  // namespace

std::vector<std::string> apply_words(const Job& job) {
  std::vector<std::string> words = words_on(job, "apply");
  if (job.how != Inject::persist) words.emplace_back("--live");
  if (job.how != Inject::hotplug) words.emplace_back("--config");
  for (const JobInterface& interface : job.interfaces)
    words.insert(words.end(), {"--interface", interface.option});
  return words;
}

std::vector<std::string> update_words(const Job& job, const std::vector<std::string>& update) {
  std::vector<std::string> words = words_on(job, "update");
  words.emplace_back("--config");
  words.insert(words.end(), update.begin(), update.end());
  return words;
}

Called call_program(const Program& program, const std::vector<std::string>& words,
                    std::chrono::milliseconds limit) {
  try {
    return outcome_of(run_forked(
        "virt-iface " + words.front(), [&] { return program(words); }, limit + patience));
  } catch (const Error& error) {
    return {.kind = Called::Kind::failed, .reason = error.messages().front().text};
  }
}

}  // namespace virt_iface::hook
