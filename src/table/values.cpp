// SPDX-License-Identifier: LGPL-2.1-or-later
#include "table/values.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "table/device_pattern.hpp"
#include "table/mac.hpp"
#include "table/models.hpp"
#include "table/number_list.hpp"
#include "table/port_forward.hpp"
#include "table/short_key.hpp"

namespace virt_iface {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_alnum(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// ASCII letters and digits, and the characters of `others`.
bool only(std::string_view text, std::string_view others) {
  return !text.empty() && std::ranges::all_of(text, [=](char c) {
    return is_alnum(c) || others.find(c) != std::string_view::npos;
  });
}

/// What is being judged: the key as the user wrote it, and its value.
struct Subject {
  const Key& key;
  std::string_view spelling;
  std::string_view value;

  std::string what() const { return std::string(spelling) + " '" + std::string(value) + "'"; }
  Verdict wrong(std::string_view is, std::string hint = {}) const {
    return {{}, what() + ' ' + std::string(is), std::move(hint)};
  }
  Verdict right() const { return {std::string(value), {}, {}}; }
};

std::string comma_words(std::string_view allowed) {
  std::vector<std::string> list;
  for (const std::string_view word : words(allowed)) list.emplace_back(word);
  return join(list, ", ");
}

Verdict judge_word_of(const Subject& s, std::string_view allowed) {
  const std::vector<std::string_view> accepted = words(allowed);
  if (std::ranges::find(accepted, s.value) != accepted.end()) return s.right();
  const std::string hint = did_you_mean(s.value, accepted);
  if (accepted.size() == 1) return s.wrong("is not " + comma_words(allowed), hint);
  return s.wrong("is not one of " + comma_words(allowed), hint);
}

Verdict judge_type(const Subject& s) {
  for (const Type& type : types())
    if (type.made && is_among(s.value, type.other)) return {std::string(type.word), {}, {}};
  if (const Type* meant = type_meant_by(lower(s.value)))
    return s.wrong("is not one of " + comma_words(made_types()), "write " + std::string(meant->word));
  if (const Type* type = find_type(s.value); type != nullptr && !type->made)
    return s.wrong("is one that virt-iface shows, changes and converts, but does not make",
                   "it makes " + comma_words(made_types()));
  return judge_word_of(s, made_types());
}

Verdict judge_number(const Subject& s) {
  const Range range = range_of(s.key.allowed);
  const std::optional<std::uint64_t> number = to_number(s.value);
  if (!number || *number < range.min || *number > range.max)
    return s.wrong(outside(range), s.key.name == "driver.queues" && number == 1U
                                       ? "leave it out: one is what there is without it"
                                       : "");
  if (s.key.kind == Kind::power_of_two && (*number & (*number - 1)) != 0)
    return s.wrong("is not a power of two");
  return {std::to_string(*number), {}, {}};
}

std::optional<std::uint64_t> decimal_or_hexadecimal(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (!hexadecimal) {
    // libvirt reads 010 as octal, people do not.
    const bool octal =
        text.size() > 1 && text.front() == '0' && text.find_first_not_of('0') != std::string_view::npos;
    return octal ? std::nullopt : to_number(text);
  }
  std::uint64_t value = 0;
  const std::string_view digits = text.substr(2);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return value;
}

std::string hexadecimal(std::uint64_t value, std::size_t digits) {
  char buffer[16];
  const auto end = std::to_chars(std::begin(buffer), std::end(buffer), value, 16).ptr;
  const std::string out(std::begin(buffer), end);
  return "0x" + std::string(digits > out.size() ? digits - out.size() : 0, '0') + out;
}

Verdict judge_integer(const Subject& s) {
  const std::size_t slash = std::min(s.key.allowed.find('/'), s.key.allowed.size());
  const std::uint64_t max = to_number(s.key.allowed.substr(0, slash)).value_or(0);
  const std::optional<std::uint64_t> number = decimal_or_hexadecimal(s.value);
  if (!number || *number > max) {
    return s.wrong("is not a number from 0 to " + std::to_string(max) + " (" + hexadecimal(max, 0) + ")",
                   "write it in decimal, or in hexadecimal with 0x");
  }
  if (slash == s.key.allowed.size()) return {std::to_string(*number), {}, {}};
  return {hexadecimal(*number, to_number(s.key.allowed.substr(slash + 1)).value_or(0)), {}, {}};
}

Verdict judge_numbers(const Subject& s) {
  const std::size_t slash = s.key.allowed.find('/');
  const NumberList list = parse_numbers(s.value, range_of(s.key.allowed.substr(0, slash)),
                                        range_of(s.key.allowed.substr(slash + 1)));
  if (!list.fault.empty())
    return Subject{s.key, s.spelling, list.item.empty() ? s.value : list.item}.wrong(list.fault, list.hint);
  std::vector<std::string> texts;
  texts.reserve(list.numbers.size());
  for (const std::uint64_t number : list.numbers) texts.push_back(std::to_string(number));
  return {join(texts, ","), {}, {}};
}

Verdict judge_mac(const Subject& s) {
  if (s.value == "stable") return s.right();
  const MacVerdict mac = judge_mac_address(s.value);
  return mac.fault.empty() ? Verdict{mac.value, {}, {}} : s.wrong(mac.fault, mac.hint);
}

Verdict judge_mac_prefix(const Subject& s) {
  const MacVerdict mac = judge_mac_bytes(s.value);
  return mac.fault.empty() ? Verdict{mac.value, {}, {}} : s.wrong(mac.fault, mac.hint);
}

Verdict judge_uuid(const Subject& s) {
  std::string digits = lower(s.value);
  const bool dashed = digits.size() == 36;
  if (dashed) {
    for (const std::size_t dash : {23U, 18U, 13U, 8U}) {
      if (digits[dash] != '-') return s.wrong("is not a UUID", "write 8-4-4-4-12 hexadecimal digits");
      digits.erase(dash, 1);
    }
  }
  if (digits.size() != 32 || digits.find_first_not_of("0123456789abcdef") != std::string::npos) {
    return s.wrong("is not a UUID", "write 8-4-4-4-12 hexadecimal digits");
  }
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) digits.insert(dash, 1, '-');
  return {digits, {}, {}};
}

/// Letters, digits and these.
Verdict judge_letters(const Subject& s, std::string_view others) {
  if (only(s.value, others)) return s.right();
  std::string hint = "use letters, digits and";
  for (const char c : others) (hint += ' ') += c;
  return s.wrong("holds a character that libvirt does not take", std::move(hint));
}

Verdict judge_device(const Subject& s) {
  return judge_letters(s, "_.:/\\-");
}

Verdict judge_pattern(const Subject& s);

Verdict judge_target(const Subject& s) {
  if (is_device_pattern(s.value)) return judge_pattern(s);
  if (s.value.size() > 15) return s.wrong("is longer than 15 bytes", "use a shorter name");
  if (is_automatic_target(s.value))
    return s.wrong("is a name that libvirt gives itself, and drops here", "use another, or leave it out");
  if (!is_kernel_name(s.value))
    return s.wrong("is not the name of an interface", "the kernel takes no /, no : and no dots alone");
  return judge_device(s);
}

/// As a name that it would make.
Verdict judge_pattern(const Subject& s) {
  if (const std::string fault = fault_of_pattern(s.value); !fault.empty())
    return s.wrong(fault, "write {name}-{n}: the domain's name and the interface's number");
  const std::string example = device_name(s.value, "x", 1);
  Verdict verdict = judge_target({s.key, s.spelling, example});
  return verdict.fault.empty() ? s.right() : s.wrong("would not make names of devices", verdict.hint);
}

Verdict judge_path(const Subject& s) {
  if (s.value.starts_with('/') && s.value.size() > 1) return s.right();
  return s.wrong("is not an absolute path", "begin it with /");
}

Verdict judge_model(const Subject& s) {
  if (!only(s.value, "-_")) return s.wrong("is not a model name", "use letters, digits, - and _");
  const auto is_it = [value = lower(s.value)](std::string_view known) { return lower(known) == value; };
  const auto* known = std::ranges::find_if(known_models, is_it);
  return known == known_models.end() ? s.right() : Verdict{std::string(*known), {}, {}};
}

Verdict judge_alias(const Subject& s) {
  const bool any = s.key.kind == Kind::alias_name;
  // libvirt drops a user's alias with a dot (USER_ALIAS_CHARS), though its schema takes it.
  if (!only(s.value, any ? "_-." : "_-"))
    return s.wrong("is not an alias", any ? "use letters, digits and _ - ." : "use letters, digits, _ and -");
  if (any || (s.value.starts_with("ua-") && s.value.size() > 3)) return s.right();
  if (s.value == "ua-") return s.wrong("ends after ua-", "add a name");
  return s.wrong("does not begin with ua-", "write ua-" + std::string(s.value));
}

/// NCName as far as names of filters go: any character beyond ASCII counts as a letter.
Verdict judge_filter(const Subject& s) {
  const auto inside = [](char c) {
    return is_alnum(c) || c == '_' || c == '-' || c == '.' || (c & '\x80') != 0;
  };
  const char first = s.value.empty() ? '-' : s.value.front();
  if (std::ranges::all_of(s.value, inside) && !is_digit(first) && first != '-' && first != '.')
    return s.right();
  return s.wrong("is not the name of a network filter", "use letters, digits and _ - ., a letter first");
}

Verdict judge_filter_parameter(const Subject& s) {
  std::vector<std::string> values;
  for (const std::string_view value : split_list(s.value)) {
    if (!only(value, "_.:"))
      return Subject{s.key, s.spelling, value}.wrong("holds a character that libvirt does not take",
                                                     "use letters, digits and _ . :");
    values.emplace_back(value);
  }
  return {join(values, ","), {}, {}};
}

Verdict judge_profile(const Subject& s) {
  const auto continues = [](char c) { return (c & '\xC0') == '\x80'; };
  const auto inner = static_cast<std::size_t>(std::ranges::count_if(s.value, continues));
  if (s.value.size() - inner > 39) return s.wrong("is longer than 39 characters");
  // virNetDevVPortProfileFormat (9.0.0) writes it unescaped: the guest's file would be no XML any more.
  if (s.value.find_first_of("<>&'\"") != std::string_view::npos)
    return s.wrong("holds a character that libvirt would write unescaped", "use none of < > & ' \"");
  return s.right();
}

Verdict judge_native_vlan(const Subject& s) {
  const std::size_t colon = std::min(s.value.find(':'), s.value.size());
  const std::string_view mode = s.value.substr(0, colon);
  const auto id = to_number(s.value.substr(std::min(colon + 1, s.value.size())));
  const Range range = range_of(s.key.allowed);
  if ((mode == "tagged" || mode == "untagged") && id && *id >= range.min && *id <= range.max) {
    return {std::string(mode) + ':' + std::to_string(*id), {}, {}};
  }
  return s.wrong("is not tagged:ID or untagged:ID", "write untagged:42 if 42 is the native VLAN");
}

Verdict judge_bandwidth(const Subject& s) {
  const Bandwidth b = parse_bandwidth(s.value);
  if (!b.fault.empty()) return s.wrong(b.fault, b.hint);
  for (const auto& [part, value] : b.parts)
    if (find_key(std::string(s.key.name).append(".").append(part)) == nullptr)
      return s.wrong("states a " + std::string(part),
                     "remove it: it is for bandwidth.inbound of type network");
  return s.right();
}

Verdict judge_port_forward(const Subject& s) {
  PortForwards parsed = parse_port_forwards(s.value);
  if (!parsed.fault.empty()) return s.wrong(parsed.fault, std::move(parsed.hint));
  return {port_forward_text(parsed.rules), {}, {}};
}

Verdict judge_pci_address(const Subject& s) {
  return parse_pci_address(s.key, s.value) ? s.right()
                                           : s.wrong("is not a PCI address", "write 0000:01:00.0");
}

Verdict judge_usb_port(const Subject& s) {
  return is_usb_port(s.value) ? s.right() : s.wrong("is not a USB port", "write 1, or 1.2 behind a hub");
}

Verdict judge_loadparm(const Subject& s) {
  if (is_loadparm(s.value)) return {upper(s.value), {}, {}};  // as libvirt writes it
  return s.wrong("is not a loadparm", "use up to eight letters, digits, dots and spaces");
}

Verdict judge_node_set(const Subject& s) {
  return is_node_set(s.value) ? s.right() : s.wrong("is not a list of nodes", "write 0-3,5");
}

// clang-format off
Verdict by_kind(const Subject& s) {
  switch (s.key.kind) {
    case Kind::word: return judge_word_of(s, s.key.allowed);
    case Kind::number: case Kind::power_of_two: return judge_number(s);
    case Kind::integer: return judge_integer(s);
    case Kind::numbers: return judge_numbers(s);
    case Kind::mac: return judge_mac(s);
    case Kind::mac_prefix: return judge_mac_prefix(s);
    case Kind::uuid: return judge_uuid(s);
    case Kind::device: return judge_device(s);
    case Kind::letters: return judge_letters(s, s.key.allowed);
    case Kind::target: return judge_target(s);
    case Kind::path: return judge_path(s);
    case Kind::model: return judge_model(s);
    case Kind::alias: case Kind::alias_name: return judge_alias(s);
    case Kind::filter: return judge_filter(s);
    case Kind::filter_parameter: return judge_filter_parameter(s);
    case Kind::profile: return judge_profile(s);
    case Kind::native_vlan: return judge_native_vlan(s);
    case Kind::type: return judge_type(s);
    case Kind::bandwidth: return judge_bandwidth(s);
    case Kind::port_forward: return judge_port_forward(s);
    case Kind::pci_address: return judge_pci_address(s);
    case Kind::usb_port: return judge_usb_port(s);
    case Kind::loadparm: return judge_loadparm(s);
    case Kind::node_set: return judge_node_set(s);
    case Kind::name: case Kind::kept: case Kind::seen: return s.right();
  }
  return s.right();
}
// clang-format on

/// What XML 1.0 cannot carry, U+FFFE and U+FFFF among it, and control characters at all.
bool is_plain_text(std::string_view value) {
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == '\x7F'; };
  return is_utf8(value) && std::ranges::none_of(value, control) &&
         value.find("\uFFFE") == std::string_view::npos && value.find("\uFFFF") == std::string_view::npos;
}

/// Whether two lists hold the same numbers, in whatever order.
bool same_numbers(std::string_view a, std::string_view b) {
  const auto sorted = [](std::string_view list) {
    std::vector<std::uint64_t> numbers;
    for (const std::string_view item : split_list(list))
      numbers.push_back(to_number(item).value_or(UINT64_MAX));
    std::ranges::sort(numbers);
    return numbers;
  };
  return a == b || sorted(a) == sorted(b);
}

}  // namespace

Verdict judge(const Key& key, std::string_view spelling, std::string_view value) {
  const Subject subject{key, spelling, value};
  if (!is_plain_text(value)) {
    return subject.wrong("holds a control character or is not UTF-8", "remove the character");
  }
  // --interface has no quotes that would keep one; what one spelling can say, all can.
  if (value.starts_with(' ') || value.ends_with(' '))
    return subject.wrong("begins or ends with a space", "remove the space");
  if (value.empty()) return {{}, std::string(spelling) + " has no value", "give it one, or remove the key"};
  return by_kind(subject);
}

std::string normalised(std::string_view key, std::string_view value) {
  const Key* row = find_key(key);
  if (row == nullptr) return std::string(value);
  Verdict verdict = judge(*row, key, value);
  return verdict.fault.empty() ? std::move(verdict.value) : std::string(value);
}

bool equal_values(std::string_view key, std::string_view a, std::string_view b) {
  const Key* row = find_key(key);
  if (row != nullptr && row->kind == Kind::numbers)
    return same_numbers(normalised(key, a), normalised(key, b));
  return a == b || (!a.empty() && !b.empty() && normalised(key, a) == normalised(key, b));
}

std::string shown(std::string_view key, std::string_view value) {
  const Key* row = find_key(key);
  return row != nullptr && row->kind == Kind::numbers ? shortened(value) : std::string(value);
}

bool is_kernel_name(std::string_view name) {
  return name.find_first_of("/:") == name.npos && name != "." && name != "..";
}

bool is_automatic_target(std::string_view name) {
  return std::ranges::any_of(std::array<std::string_view, 3>{"vnet", "macvtap", "macvlan"},
                             [&](std::string_view prefix) { return name.starts_with(prefix); });
}

}  // namespace virt_iface
