// SPDX-License-Identifier: LGPL-2.1-or-later
#include "list/record.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "edit/render.hpp"
#include "list/record_json.hpp"
#include "list/table.hpp"
#include "table/device_pattern.hpp"
#include "table/values.hpp"
#include "view/read.hpp"
#include "view/types.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

struct Column {
  std::string title;
  std::string (*cell)(const Record&);  ///< nullptr: the key of that name
};

std::string key_of(const Record& record, std::string_view key) {
  return std::string(record.keys.get(key));
}

std::string mode_and_vlan(const Record& r) {
  std::string text = key_of(r, "mode");
  if (r.keys.find("vlan.tag") != nullptr)
    text.append(text.empty() ? "" : " ").append("vlan ").append(shown("vlan.tag", r.keys.get("vlan.tag")));
  // What several tags say by themselves; of one, it is the difference between a trunk and an access port.
  if (r.keys.find("vlan.trunk") != nullptr && !key_of(r, "vlan.tag").empty() &&
      key_of(r, "vlan.tag").find(',') == std::string::npos)
    text += " trunk";
  return text;
}

std::string ips_of(const Record& r) {
  std::string text;
  for (const auto& ip : r.ips)
    text.append(text.empty() ? "" : ", ").append(ip.address).append(" (" + ip.source + ")");
  return text;
}

std::string link_of(const Record& r) {
  return r.keys.find("link.state") == nullptr ? "up" : key_of(r, "link.state");
}

std::string position_of(const Record& r) {
  return r.position == 0 ? std::string() : std::to_string(r.position);
}

/// All that are no keys.
const std::vector<Column>& own_columns() {
  static const std::vector<Column> all{{"domain", [](const Record& r) { return r.domain; }},
                                       {"#", position_of},
                                       {"mode/vlan", mode_and_vlan},
                                       {"target", [](const Record& r) { return key_of(r, "target.dev"); }},
                                       {"alias", [](const Record& r) { return key_of(r, "alias.name"); }},
                                       {"vlan", [](const Record& r) { return key_of(r, "vlan.tag"); }},
                                       {"link", link_of},
                                       {"ips", ips_of},
                                       {"file", [](const Record& r) { return r.file; }},
                                       {"uri", [](const Record& r) { return r.uri; }},
                                       {"uuid", [](const Record& r) { return r.uuid; }},
                                       {"position", position_of},
                                       {"libvirt_type", [](const Record& r) { return r.libvirt_type; }}};
  return all;
}

constexpr std::array<std::string_view, 10> usual{"domain", "#",   "type",   "source", "mode/vlan",
                                                 "model",  "mac", "target", "link",   "ips"};

/// What a wide terminal shows besides, the first of them first, where an interface states it. The file, the
/// last, is shown on each where nothing else tells two guests apart.
constexpr std::array<std::string_view, 8> besides{
    "source.portgroup", "filterref.filter", "port.isolated", "mtu.size", "alias",
    "boot.order",       "driver.queues",    "file"};

/// Those that a narrow terminal does without, the first of them first.
constexpr std::array<std::string_view, 4> dispensable{"model", "target", "ips", "link"};

Column column_of(std::string_view name) {
  const auto found = std::ranges::find(own_columns(), name, &Column::title);
  if (found != own_columns().end()) return *found;
  const Key* key = find_key(name);
  if (key == nullptr) key = find_seen(name);
  return {key == nullptr ? std::string() : canonical_key(*key, name), nullptr};
}

std::string cell_of(const Column& column, const Record& record) {
  return column.cell == nullptr ? key_of(record, column.title) : column.cell(record);
}

bool has_several_uris(const std::vector<Record>& records) {
  return std::ranges::any_of(records, [&](const Record& r) { return r.uri != records.front().uri; });
}

/// Whether the documents of two files have domains of one name.
bool need_files(const std::vector<Record>& records) {
  std::map<std::string_view, std::string_view> files;
  return std::ranges::any_of(
      records, [&](const Record& r) { return files.emplace(r.domain, r.file).first->second != r.file; });
}

std::vector<Column> columns_of(const std::vector<Record>& records, const RecordFormat& how) {
  std::vector<Column> shown;
  for (const std::string& name : how.columns) shown.push_back(column_of(name));
  if (!shown.empty()) return shown;
  const bool all = how.name == "tsv";
  const bool ips = std::ranges::any_of(records, [](const Record& r) { return !r.ips.empty(); });
  if (!all && has_several_uris(records)) shown.push_back(column_of("uri"));
  const bool by_file = !all && need_files(records);
  if (by_file) shown.push_back(column_of("file"));
  for (const std::string_view name : usual)
    if (all || ((name != "domain" || how.domain_column) && (name != "ips" || ips)))
      shown.push_back(column_of(name));
  if (how.name != "table" || how.room == 0) return shown;
  for (const std::string_view name : besides) {
    const Column column = column_of(name);
    const auto states = [&](const Record& r) { return !cell_of(column, r).empty(); };
    if ((name != "file" || (how.domain_column && !by_file)) && std::ranges::any_of(records, states))
      shown.push_back(column);
  }
  return shown;
}

std::string table(const std::vector<Record>& records, const RecordFormat& how) {
  const std::vector<Column> shown = columns_of(records, how);
  std::vector<std::vector<std::string>> rows(1);
  for (const Column& column : shown) rows[0].push_back(column.title);
  for (const Record& record : records) {
    auto& row = rows.emplace_back();
    for (const Column& column : shown) row.push_back(cell_of(column, record));
  }
  if (how.columns.empty()) {
    const std::vector<std::string_view> least(besides.rbegin() + (need_files(records) ? 1 : 0),
                                              besides.rend());
    drop_columns(rows, least, how.room, 2);
    drop_columns(rows, dispensable, how.room, 1);
  }
  return format_table(std::move(rows), how.room);
}

std::string tsv(const std::vector<Record>& records, const RecordFormat& how) {
  const std::vector<Column> shown = columns_of(records, how);
  std::vector<std::string> titles;
  titles.reserve(shown.size());
  for (const Column& column : shown) titles.push_back(column.title);
  std::string out = join(titles, "\t") + '\n';
  for (const Record& record : records) {
    std::vector<std::string> cells;
    cells.reserve(shown.size());
    for (const Column& column : shown) cells.push_back(cell_text(cell_of(column, record)));
    out += join(cells, "\t") + '\n';
  }
  return out;
}

/// Every key of every interface, one a line; a line without text between two interfaces.
std::string key_lines(const std::vector<Record>& records, const RecordFormat& how) {
  std::string out;
  const bool several = has_several_uris(records);
  for (const Record& record : records) {
    std::vector<std::vector<std::string>> rows;
    if (several) rows.push_back({"uri", record.uri});
    if (how.domain_column) rows.push_back({"domain", record.domain});
    rows.push_back({"position", position_of(record)});
    for (const Setting& setting : record.keys.settings)
      rows.push_back({setting.key, shown(setting.key, setting.value)});
    for (const Setting& kept : record.kept) rows.push_back({kept.key, kept.value});
    if (!record.ips.empty()) rows.push_back({"ips", ips_of(record)});
    out.append(out.empty() ? "" : "\n").append(format_table(std::move(rows)));
  }
  return out;
}

}  // namespace

Record record_of(const Document& document, std::size_t position) {
  const Element& element = document.domain.interfaces.at(position - 1);
  return {
      .file = document.file,
      .domain = document.domain.name,
      .uuid = document.domain.uuid,
      .position = position,
      .libvirt_type = std::string(element.at("@type")),
      .keys = read_listed(element),
      .xml = element.foreign
                 ? serialise(element, Style{.eol = "\n", .step = "  "})  // the document has a reference there
                 : std::string(document.text().substr(element.begin, element.end - element.begin)),
      .kept = read_kept(element)};
}

Record record_without(const Document& document) {
  return {.file = document.file, .domain = document.domain.name, .uuid = document.domain.uuid};
}

Record record_of(const Interface& interface, const std::string& file, std::size_t position) {
  Interface made = interface;
  if (made.get("mac") == "stable") made.erase("mac");  // which one depends on the domain
  if (made.get("model") == "libvirt") made.erase("model");
  if (is_device_pattern(made.get("target.dev"))) made.erase("target.dev");
  for (const char* key : {"mac.seed", "mac.prefix"}) made.erase(key);
  Element const element = Renderer().render(made);
  return {.file = file,
          .domain = file,
          .position = position,
          .libvirt_type = std::string(element.at("@type")),
          .keys = interface,
          .xml = serialise(element, Style{.eol = "\n", .step = "  "})};
}

void require_columns(const std::vector<std::string>& columns) {
  for (const std::string& name : columns) {
    if (!column_of(name).title.empty()) continue;
    std::vector<std::string> own;
    for (const Column& column : own_columns()) own.push_back(column.title);
    const std::vector<std::string_view> words(own.begin(), own.end());
    std::string hint = did_you_mean(name, words);
    if (hint.empty()) hint = suggest_key(name);
    throw Error(Exit::usage, "there is no column '" + name + "'",
                hint.empty() ? "besides keys: " + join(own, ", ") : hint);
  }
}

std::string format_records(const std::vector<Record>& records, const RecordFormat& how) {
  if (how.name == "json") return records_json(records);
  if (how.name == "tsv") return tsv(records, how);
  if (how.name == "keys") return key_lines(records, how);
  if (how.name == "table") return table(records, how);
  std::string out;
  for (const Record& record : records) out += record.xml + '\n';
  return out;
}

}  // namespace virt_iface
