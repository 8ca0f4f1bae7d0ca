// SPDX-License-Identifier: LGPL-2.1-or-later
#include "cli/record.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "cli/table.hpp"
#include "edit/read.hpp"
#include "edit/types.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

struct Column {
  const char* title;
  std::string (*cell)(const Record&);
};

std::string mode_and_vlan(const Record& r) {
  std::string text = r.mode;
  if (!r.vlan.empty()) text.append(text.empty() ? "" : " ").append("vlan ").append(r.vlan);
  return text;
}

constexpr std::array<Column, 10> columns{
    {{"domain", [](const Record& r) { return r.domain; }},
     {"#", [](const Record& r) { return std::to_string(r.position); }},
     {"type", [](const Record& r) { return r.type; }},
     {"source", [](const Record& r) { return r.source; }},
     {"mode/vlan", mode_and_vlan},
     {"model", [](const Record& r) { return r.model; }},
     {"mac", [](const Record& r) { return r.mac; }},
     {"target", [](const Record& r) { return r.target; }},
     {"link", [](const Record& r) { return r.link; }},
     {"ips", [](const Record& r) {
        std::string text;
        for (const auto& ip : r.ips)
          text.append(text.empty() ? "" : ", ").append(ip.address).append(" (" + ip.source + ")");
        return text;
      }}}};

std::string table(const std::vector<Record>& records, bool domain_column, std::size_t room) {
  std::vector<const Column*> shown;
  for (const Column& column : columns) {
    bool const optional = &column == &columns.front() || &column == &columns.back();
    bool const wanted =
        &column == &columns.front()
            ? domain_column
            : std::any_of(records.begin(), records.end(), [](const Record& r) { return !r.ips.empty(); });
    if (!optional || wanted) shown.push_back(&column);
  }
  std::vector<std::vector<std::string>> rows(1);
  for (const Column* column : shown) rows[0].emplace_back(column->title);
  for (const Record& record : records) {
    auto& row = rows.emplace_back();
    for (const Column* column : shown) row.push_back(column->cell(record));
  }
  return format_table(std::move(rows), room);
}

std::string tsv(const std::vector<Record>& records) {
  std::string out;
  for (const Column& column : columns) out.append(out.empty() ? "" : "\t").append(column.title);
  out += '\n';
  for (const Record& record : records) {
    std::string line;
    for (const Column& column : columns)
      line.append(&column == &columns.front() ? "" : "\t").append(cell_text(column.cell(record)));
    out += line + '\n';
  }
  return out;
}

/// The fields of the 2016 proposal, and what else a table shows.
nlohmann::ordered_json json_of(const Record& r) {
  nlohmann::ordered_json object;
  object["domain"] = r.domain;
  object["position"] = r.position;
  object["mac"] = r.mac;
  object["ips"] = nlohmann::ordered_json::array();
  for (const auto& ip : r.ips) object["ips"].push_back({{"address", ip.address}, {"source", ip.source}});
  object["model"] = r.model;
  object["type"] = r.libvirt_type;
  if (r.type == "network") object["network"] = r.source;
  if (r.libvirt_type == "bridge") object["bridge"] = r.source;
  if (r.type == "macvtap" || r.type == "ovs") {
    object["interface"] = {{"type", r.type}, {"name", r.source}};
    if (!r.mode.empty()) object["interface"]["mode"] = r.mode;
  }
  if (!r.vlan.empty()) object["vlan"] = r.vlan;
  if (!r.target.empty()) object["target"] = r.target;
  object["link"] = r.link;
  return object;
}

std::string json(const std::vector<Record>& records) {
  nlohmann::ordered_json array = nlohmann::ordered_json::array();
  for (const Record& record : records) array.push_back(json_of(record));
  return array.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace

Record record_of(const Document& document, std::size_t position) {
  const Element& element = document.domain.interfaces.at(position - 1);
  Interface const read = read_interface(element);
  std::string const link(read.get("link.state"));
  return {
      .domain = document.domain.name,
      .position = position,
      .type = type_of(element),
      .libvirt_type = std::string(element.at("@type")),
      .source = source_of(element),
      .mode = std::string(read.get("mode")),
      .vlan = std::string(read.get("vlan.tag")),
      .model = std::string(read.get("model")),
      .mac = mac_of(element),
      .target = std::string(read.get("target.dev")),
      .link = link.empty() ? "up" : link,
      .xml = element.foreign
                 ? serialise(element, Style{.eol = "\n", .step = "  "})  // the document has a reference there
                 : std::string(document.text().substr(element.begin, element.end - element.begin))};
}

std::string format_records(const std::vector<Record>& records, const RecordFormat& how) {
  if (how.name == "json") return json(records);
  if (how.name == "tsv") return tsv(records);
  if (how.name == "xml") {
    std::string out;
    for (const Record& record : records) out += record.xml + '\n';
    return out;
  }
  return table(records, how.domain_column, how.room);
}

}  // namespace virt_iface
