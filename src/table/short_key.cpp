// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/short_key.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "table/number_list.hpp"
#include "table/values.hpp"

namespace virt_iface {

bool is_short(const Key& key) {
  return key.kind == Kind::bandwidth || key.kind == Kind::pci_address;
}

std::vector<Setting> written_out(const Key& key, std::string_view value) {
  if (key.kind == Kind::pci_address) return parse_pci_address(key, value).value_or(std::vector<Setting>{});
  std::vector<Setting> out;
  for (auto& [part, speed] : parse_bandwidth(value).parts)
    out.push_back({std::string(key.name).append(".").append(part), std::move(speed), {}});
  return out;
}

std::optional<std::vector<Setting>> parse_pci_address(const Key& key, std::string_view text) {
  const std::string front = std::string(key.name) + '.';
  std::vector<Setting> out{{front + "type", "pci", {}}};
  std::string_view ends = "::.";
  if (std::ranges::count(text, ':') == 1) ends.remove_prefix(1);
  const std::vector<std::string_view> parts = words(key.allowed);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::string value = "0";  // of a domain that is not said
    if (parts.size() - i <= ends.size() + 1) {
      const std::size_t left = parts.size() - i - 1;
      const std::size_t at = left == 0 ? text.size() : text.find(ends[ends.size() - left]);
      if (at == text.npos) return std::nullopt;
      value = "0x" + std::string(text.substr(0, at));
      text.remove_prefix(std::min(at + 1, text.size()));
    }
    const std::string name = front + std::string(parts[i]);
    Verdict verdict = judge(*find_key(name), name, value);
    if (!verdict.fault.empty()) return std::nullopt;
    out.push_back({name, std::move(verdict.value), {}});
  }
  return out;
}

bool is_usb_port(std::string_view text) {
  bool right = !text.empty();
  while (right && !text.empty()) {
    const std::size_t dot = std::min(text.find('.'), text.size());
    right = to_number(text.substr(0, dot)).value_or(256) < 256 && dot + 1 != text.size();
    text.remove_prefix(std::min(dot + 1, text.size()));
  }
  return right;
}

bool is_loadparm(std::string_view text) {
  const auto is_right = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ' ';
  };
  return text.size() <= 8 && std::ranges::all_of(text, is_right);
}

bool is_node_set(std::string_view text) {
  return std::ranges::all_of(split_list(text), [](std::string_view item) {
    const bool out = item.starts_with('^');
    return is_range(item.substr(out ? 1 : 0)) && !(out && item.find('-') != item.npos);
  });
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

}  // namespace virt_iface
