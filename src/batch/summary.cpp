// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/summary.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace virt_iface {
namespace {

constexpr std::uint32_t on_stdin = 1U << 31U;
constexpr std::size_t most_failures = 1000;
constexpr std::size_t most_shared = 20;

}  // namespace

std::uint32_t number_of(const Input& input, const std::vector<FileName>& files) {
  if (input.file) return static_cast<std::uint32_t>(input.file - files.data());
  return on_stdin | static_cast<std::uint32_t>(input.ordinal);
}

std::string Summary::label_of(std::uint32_t number) const {
  if ((number & on_stdin) == 0) return "'" + files_[number].path + "'";
  return "document " + std::to_string(number & ~on_stdin);
}

Summary::Failure Summary::failure_of(const DocumentResult& outcome) {
  const Message& first = outcome.error->messages().front();
  bool const numbered = first.place.file.starts_with(outcome.label + ", ");  // one of several on stdin
  return {numbered ? first.place.file : outcome.label, first.text};
}

void Summary::add(const DocumentResult& outcome) {
  if (outcome.tail || outcome.dropped || outcome.skipped) return;
  if (outcome.error) {
    ++failed_;
    if (failures_.size() < most_failures) failures_.push_back(failure_of(outcome));
    return;
  }
  ++(outcome.result.changed ? converted_ : unchanged_);
  macs_.add(outcome.result.macs, outcome.result.identity, outcome.number);
  names_.add(outcome.result.names, outcome.result.identity, outcome.number, outcome.uri);
}

/// ` is in 'one.xml' (interface 1) and in 'two.xml' (interface 2)`.
std::string Summary::holders_of(const std::vector<MacRegister::Holder>& holders) const {
  auto const at = [&](const MacRegister::Holder& holder) {
    std::string text = label_of(holder.document);
    return holder.position == 0 ? text : text + " (interface " + std::to_string(holder.position) + ")";
  };
  std::string text = " is in " + at(holders[0]) + " and in " + at(holders[1]);
  if (holders.size() > 2) text += " and in " + std::to_string(holders.size() - 2) + " more";
  return text;
}

std::vector<Message> Summary::shared_macs() {
  std::vector<Message> messages;
  for (const MacRegister::Shared& one : macs_.shared())
    messages.push_back(
        {.severity = Severity::warning,
         .text = "MAC " + one.mac + holders_of(one.holders),
         .hint = one.made ? "leave mac out, or write mac = stable; stable MACs that meet get 40 bits with "
                            "mac.prefix = 02, or another mac.seed"
                          : "it was there before; give one of them another with update"});
  return messages;
}

std::vector<Message> Summary::shared() {
  std::vector<Message> messages = shared_macs();
  const auto cut = [&](std::size_t most, const char* what) {
    if (messages.size() <= most) return;
    std::size_t const more = messages.size() - most;
    messages.resize(most);
    messages.push_back({.severity = Severity::warning, .text = std::to_string(more) + what});
  };
  cut(most_shared, " more MACs are in more than one domain");
  std::size_t const of_macs = messages.size();
  for (const NameRegister::Shared& one : names_.shared())
    messages.push_back({.severity = Severity::warning,
                        .text = one.what + holders_of(one.holders),
                        .hint = "give each domain one of its own"});
  cut(of_macs + most_shared, " more names are in more than one domain");
  return messages;
}

std::string Summary::text(bool would, int signal) const {
  auto const count = [](std::size_t n, const std::string& what) { return std::to_string(n) + ' ' + what; };
  std::string out = signal != 0 ? "stopped after " : "";
  out += count(documents(), noun_ + (documents() == 1 ? ": " : "s: ")) +
         count(converted_, would ? "would change, " : "changed, ") + count(unchanged_, "unchanged, ") +
         count(failed_, "failed\n");
  for (const auto& [label, error] : failures_)
    out += "  " + printable(label) + ": " + printable(error) + '\n';
  if (failed_ > failures_.size()) out += "  and " + std::to_string(failed_ - failures_.size()) + " more\n";
  return out;
}

std::string Summary::json(int signal) const {
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const auto& [label, error] : failures_) failures.push_back({{"file", label}, {"error", error}});
  nlohmann::ordered_json summary{{"documents", documents()},
                                 {"converted", converted_},
                                 {"unchanged", unchanged_},
                                 {"failed", failed_},
                                 {"failures", failures}};
  if (signal != 0) summary["signal"] = signal;
  return nlohmann::ordered_json{{"summary", summary}}.dump(-1, ' ', false,
                                                           nlohmann::json::error_handler_t::replace) +
         '\n';
}

}  // namespace virt_iface
