// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/device_pattern.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace virt_iface {

namespace {

constexpr std::string_view name_word = "{name}";
constexpr std::string_view number_word = "{n}";
constexpr std::size_t most = 15;  // bytes of a device's name (IFNAMSIZ)

std::string replaced(std::string_view text, std::string_view word, std::string_view by) {
  std::string out(text);
  if (const std::size_t at = out.find(word); at != out.npos) out.replace(at, word.size(), by);
  return out;
}

/// The domain's name as a part of a device's: one _ for each character that libvirt or the kernel refuses
/// there.
std::string as_device(std::string_view name) {
  std::string out;
  for (const char c : name) {
    const bool taken = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '_' || c == '.';
    const bool continues = (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (!continues) out += taken ? c : '_';
  }
  return out;
}

}  // namespace

bool is_device_pattern(std::string_view text) {
  return text.find_first_of("{}") != text.npos;
}

std::string fault_of_pattern(std::string_view pattern) {
  const std::string rest = replaced(replaced(pattern, name_word, ""), number_word, "");
  if (is_device_pattern(rest)) return "is no pattern";
  // A letter of the domain's name and two digits at least.
  const std::size_t least = rest.size() + (has_domain_name(pattern) ? 1 : 0) + (has_number(pattern) ? 2 : 0);
  return least > most ? "leaves no room for what it stands for" : "";
}

bool has_domain_name(std::string_view pattern) {
  return pattern.find(name_word) != pattern.npos;
}

bool has_number(std::string_view pattern) {
  return pattern.find(number_word) != pattern.npos;
}

std::string device_name(std::string_view pattern, std::string_view domain, std::size_t number) {
  const std::string numbered = replaced(pattern, number_word, std::to_string(number));
  const std::size_t others = numbered.size() - (has_domain_name(pattern) ? name_word.size() : 0);
  return replaced(numbered, name_word, as_device(domain).substr(0, most - std::min(most, others)));
}

bool makes_device(std::string_view pattern, std::string_view domain, std::string_view device) {
  if (!has_number(pattern)) return device == device_name(pattern, domain, 0);
  // Every number in the name may be the one.
  for (std::size_t begin = 0; begin < device.size(); ++begin)
    for (std::size_t size = 1; begin + size <= device.size() && size < 10; ++size) {
      const auto number = to_number(device.substr(begin, size));
      if (!number) break;
      if (device == device_name(pattern, domain, *number)) return true;
    }
  return false;
}

}  // namespace virt_iface
