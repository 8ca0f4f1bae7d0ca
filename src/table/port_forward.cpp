// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/port_forward.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

using Range = PortForward::Range;

/// An address of either family, spelled as the kernel does; empty if it is none.
std::string address_text(const std::string& text) {
  for (const int family : {AF_INET, AF_INET6}) {
    std::array<unsigned char, sizeof(in6_addr)> bytes{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (inet_pton(family, text.c_str(), bytes.data()) == 1)
      return inet_ntop(family, bytes.data(), out.data(), out.size());
  }
  return {};
}

/// Reads one part between commas; what is wrong stays in `fault`.
class PartReader {
 public:
  explicit PartReader(std::string_view part) : rest_(part) {}

  std::string fault{};
  std::string hint{};
  bool excludes = false;
  bool all = false;
  PortForward rule{};
  Range range{};

  void read() {
    if (excludes = rest_.starts_with('!'); excludes) rest_.remove_prefix(1);
    if (!excludes) {
      all = protocol();
      host();
      all = all && rest_.empty();
      if (all) return;
    }
    ports();
    range.exclude = excludes;
  }

 private:
  void wrong(const std::string& what, std::string advice) {
    if (!fault.empty()) return;
    fault = what;
    hint = std::move(advice);
  }

  /// Whether one is stated.
  bool protocol() {
    const std::size_t slash = rest_.find('/');
    if (slash == rest_.npos) return false;
    rule.proto = rest_.substr(slash + 1);
    rest_ = rest_.substr(0, slash);
    if (rule.proto != "tcp" && rule.proto != "udp")
      wrong("states '/" + rule.proto + "'", "write /tcp or /udp");
    return true;
  }

  /// `192.0.2.1%eth0:`, `[2001:db8::1]:` in front of the ports.
  void host() {
    const std::size_t bracket = rest_.starts_with('[') ? rest_.find(']') : rest_.npos;
    const std::size_t colon = rest_.find(':', bracket == rest_.npos ? 0 : bracket);
    const std::string_view front = rest_.substr(0, colon);
    if (bracket == rest_.npos && front.find_first_of(".%[") == front.npos) return;
    std::string text(front);
    std::erase_if(text, [](char c) { return c == '[' || c == ']'; });
    const std::size_t percent = std::min(text.find('%'), text.size());
    if (percent < text.size()) rule.dev = text.substr(percent + 1);
    text.resize(percent);
    rule.address = address_text(text);
    if (rule.address.empty())
      wrong("names '" + text + "', which is no address", "write 192.0.2.1:80, or [2001:db8::1]:80");
    if (percent + 1 == text.size()) wrong("names no device behind %", "write 192.0.2.1%eth0:80");
    rest_ = colon == rest_.npos ? std::string_view{} : rest_.substr(colon + 1);
  }

  void ports() {
    const std::size_t colon = std::min(rest_.find(':'), rest_.size());
    const std::string_view from = rest_.substr(0, colon);
    const std::size_t dash = std::min(from.find('-'), from.size());
    range.start = port(from.substr(0, dash));
    range.end = dash == from.size() ? range.start : port(from.substr(dash + 1));
    if (colon != rest_.size()) range.to = port(rest_.substr(colon + 1));
    if (range.end < range.start) wrong("ends before it begins", "write 8000-8010");
    if (excludes && range.to != 0) wrong("excludes ports and sends them on", "write !START-END");
  }

  unsigned port(std::string_view text) {
    const auto number = to_number(text);
    if (number && *number >= 1 && *number <= 65535) return static_cast<unsigned>(*number);
    wrong("names '" + std::string(text) + "', which is no port", "write a number from 1 to 65535");
    return 1;
  }

  std::string_view rest_;
};

std::string range_text(const Range& range) {
  std::string text = std::to_string(range.start);
  if (range.end != range.start) text += '-' + std::to_string(range.end);
  if (range.to != 0) text += ':' + std::to_string(range.to);
  return text;
}

std::string host_text(const PortForward& rule) {
  std::string text = rule.address;
  if (!rule.dev.empty()) text += '%' + rule.dev;
  return rule.address.find(':') == std::string::npos ? text : '[' + text + ']';
}

/// The items that one rule is, in the words of the grammar.
void add_items(const PortForward& rule, std::vector<std::string>& items) {
  const std::string host = host_text(rule);
  const std::string front = host.empty() ? host : host + ':';
  const std::string proto = rule.proto == "tcp" ? "" : '/' + rule.proto;
  if (rule.ranges.empty() || rule.ranges.front().exclude) items.push_back(host + '/' + rule.proto);
  for (const Range& range : rule.ranges)
    items.push_back(range.exclude ? '!' + range_text(range) : front + range_text(range) + proto);
}

bool same_front(const PortForward& a, const PortForward& b) {
  return a.address == b.address && a.dev == b.dev && a.proto == b.proto;
}

/// All ports but some.
bool is_of_all(const PortForward& rule) {
  return rule.ranges.empty() || rule.ranges.front().exclude;
}

}  // namespace

PortForwards parse_port_forwards(std::string_view text) {
  PortForwards out;
  for (const std::string_view item : split_list(text)) {
    PartReader part(item);
    part.read();
    if (part.excludes && out.rules.empty()) {
      part.fault = "excludes ports, and none stand before it";
      part.hint = "write it behind the ports, as 8000-8010,!8005";
    }
    if (!part.fault.empty()) return {{}, part.fault, part.hint};
    const bool goes_on = !out.rules.empty() && !part.all && !is_of_all(out.rules.back()) &&
                         same_front(out.rules.back(), part.rule);
    if (!part.excludes && !goes_on) out.rules.push_back(part.rule);
    if (!part.all) out.rules.back().ranges.push_back(part.range);
  }
  return out;
}

std::string port_forward_text(const std::vector<PortForward>& rules) {
  std::vector<std::string> items;
  for (const PortForward& rule : rules) add_items(rule, items);
  return join(items, ",");
}

}  // namespace virt_iface
