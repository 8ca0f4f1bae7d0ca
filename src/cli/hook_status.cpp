// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/hook_status.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "job/syslog.hpp"

namespace virt_iface {
namespace {

constexpr std::size_t shown_of_history = 20;

void pad(std::string& line, const std::string& word, std::size_t width) {
  line += word;
  line.append(width > word.size() ? width - word.size() : 0, ' ').append("  ");
}

/// Rows of equal length, the last column as long as it is.
std::string table(std::vector<std::vector<std::string>> rows) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i + 1 < row.size(); ++i) pad(text, row[i], widths[i]);
    text += row.back() + '\n';
  }
  return text;
}

std::string reports_text(const std::vector<hook::Report>& reports) {
  std::vector<std::vector<std::string>> rows{{"GUEST", "TASK", "OUTCOME", "TIME", "WHAT"}};
  for (const hook::Report& r : reports)
    rows.push_back({printable(r.guest), r.task, r.outcome, r.time, printable(r.text)});
  return table(std::move(rows));
}

std::string history_text(const std::vector<hook::Report>& history) {
  std::vector<std::vector<std::string>> rows{{"LATELY", "GUEST", "TASK", "OUTCOME", "WHAT"}};
  std::size_t const first = history.size() - std::min(history.size(), shown_of_history);
  for (std::size_t i = first; i < history.size(); ++i) {
    const hook::Report& r = history[i];
    rows.push_back({r.time, printable(r.guest), r.task, r.outcome, printable(r.text)});
  }
  return table(std::move(rows));
}

bool is_valid(const hook::Status& status) {
  return std::ranges::none_of(status.conf_messages,
                              [](const Message& m) { return m.severity == Severity::error; });
}

std::string conf_text(const hook::Status& status) {
  if (!status.has_conf) return "there is no " + status.conf + ": the hook does nothing";
  return status.conf + (is_valid(status) ? " is valid" : " is broken");
}

nlohmann::ordered_json json_of(const hook::Report& report) {
  return {{"guest", report.guest},     {"uuid", report.uuid}, {"task", report.task},
          {"outcome", report.outcome}, {"text", report.text}, {"time", report.time}};
}

nlohmann::ordered_json json_of(const std::vector<hook::Report>& reports) {
  auto list = nlohmann::ordered_json::array();
  for (const hook::Report& report : reports) list.push_back(json_of(report));
  return list;
}

nlohmann::ordered_json json_of(const std::vector<Message>& messages) {
  auto list = nlohmann::ordered_json::array();
  for (const Message& message : messages)
    list.push_back({{"severity", message.severity == Severity::error ? "error" : "warning"},
                    {"message", hook::one_line(message)}});
  return list;
}

}  // namespace

std::string status_text(const hook::Status& status) {
  std::vector<std::vector<std::string>> rows{
      {"installed:", status.scripts.empty() ? "no (virt-iface hook --install)" : join(status.scripts, ", ")},
      {"last called:", status.last_call.time.empty()
                           ? "not yet"
                           : status.last_call.time + ", " + printable(status.last_call.guest) + ' ' +
                                 printable(status.last_call.task)},
      {"hook.conf:", printable(conf_text(status))}};
  for (const auto* messages : {&status.conf_messages, &status.warnings})
    for (const Message& message : *messages)
      rows.push_back(
          {message.severity == Severity::error ? "error:" : "warning:", printable(hook::one_line(message))});
  if (status.scope) rows.push_back({"guests:", printable(*status.scope)});
  std::string text = table(std::move(rows)) + '\n' + reports_text(status.reports);
  if (!status.history.empty()) text += '\n' + history_text(status.history);
  return text;
}

std::string status_json(const hook::Status& status) {
  nlohmann::ordered_json json{{"installed", status.scripts},
                              {"called", nullptr},
                              {"conf",
                               {{"file", status.conf},
                                {"exists", status.has_conf},
                                {"valid", is_valid(status)},
                                {"messages", json_of(status.conf_messages)}}},
                              {"warnings", json_of(status.warnings)},
                              {"guests", json_of(status.reports)},
                              {"history", json_of(status.history)}};
  if (!status.last_call.time.empty())
    json["called"] = {{"guest", status.last_call.guest},
                      {"operation", status.last_call.task},
                      {"time", status.last_call.time}};
  if (status.scope) json["scope"] = *status.scope;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace virt_iface
