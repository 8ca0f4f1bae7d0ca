// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/report.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <nlohmann/json.hpp>

#include "base/stream.hpp"
#include "spec/interface_json.hpp"
#include "view/read.hpp"
#include "view/types.hpp"

namespace virt_iface {
namespace {

using Json = nlohmann::ordered_json;

const char* word_of(Change::Kind kind) {
  return kind == Change::Kind::added ? "added" : kind == Change::Kind::changed ? "changed" : "removed";
}

Json json_of(const Change& change) {
  Json json{{"change", word_of(change.kind)}};
  if (change.position != 0) json["position"] = change.position;
  json.update(
      flat_json(read_interface(change.interface), read_kept(change.interface), change.interface.at("@type")));
  if (!change.details.empty()) json["details"] = change.details;
  return json;
}

}  // namespace

std::string report_line(const DocumentResult& outcome) {
  bool const failed = outcome.error.has_value();
  bool const guest = !outcome.uri.empty();
  Json json{{guest ? "uri" : "file", guest ? outcome.uri : outcome.label},
            {"name", outcome.result.name},
            {"status", failed                   ? "failed"
                       : outcome.result.changed ? "converted"
                                                : "unchanged"},
            {"changes", Json::array()},
            {"macs_added", Json::array()}};
  for (const Change& change : outcome.result.plan.changes) {
    json["changes"].push_back(json_of(change));
    if (std::string mac = mac_of(change.interface); change.kind == Change::Kind::added && !mac.empty())
      json["macs_added"].push_back(std::move(mac));
  }
  for (const Message& one : outcome.result.drift)
    if (one.id == "differs")  // a guest's two descriptions may differ in the same
      json["differences"].push_back(guest ? one.place.file + ": " + one.text : one.text);
  if (guest) json["from_next_start"] = outcome.from_next_start;
  if (failed) json["error"] = outcome.error->messages().front().text;
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + '\n';
}

Report::Report(const std::string& path)
    : path_(path), on_stdout_(path == "-" || (!path.empty() && own_descriptor(path) == STDOUT_FILENO)) {
  if (path.empty()) return;
  descriptor_ = path == "-" ? Descriptor(::dup(STDOUT_FILENO)) : open_stream(path);
  if (!descriptor_ && path != "-") descriptor_ = open_to_write(path, O_CREAT | O_TRUNC);
  if (!descriptor_) throw system_error("cannot open '" + path + "'", errno);
}

void Report::add(const DocumentResult& outcome) {
  if (!descriptor_ || outcome.tail || outcome.dropped || outcome.skipped) return;
  lines_ += report_line(outcome);
  if (lines_.size() > 65536) flush();
}

void Report::flush() {
  if (descriptor_) write_all(descriptor_.get(), lines_, path_);
  lines_.clear();
}

}  // namespace virt_iface
