// SPDX-License-Identifier: LGPL-2.1-or-later
// A byte that chooses an encoding, and a document in UTF-8, which is written in that encoding and then
// edited. Whatever the document is: the result holds every byte of it, decodes to what the same edit gives in
// UTF-8, can be taken back, and the edit done twice is the edit done once.
#include <iconv.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "edit/apply.hpp"
#include "edit/verify.hpp"
#include "oracle.hpp"
#include "xml/scan.hpp"

using namespace virt_iface;
using fuzz::expect;

namespace {

/// How a document is written: in `name`, as iconv knows it, with a byte order mark or not; `said` is what its
/// declaration calls it, if it has one.
struct Form {
  const char* name;
  const char* said;
  bool marked = false;
};

constexpr std::array<Form, 44> forms{{
    {"UTF-8", nullptr, false},
    {"UTF-8", "UTF-8", false},
    {"UTF-8", nullptr, true},
    {"UTF-8", "utf-8", true},
    {"UTF-16LE", nullptr, true},
    {"UTF-16BE", nullptr, true},
    {"UTF-16LE", nullptr, false},
    {"UTF-16BE", nullptr, false},
    {"UTF-16LE", "UTF-16", true},
    {"UTF-16BE", "UTF-16", true},
    {"UTF-16LE", "UTF-16LE", false},
    {"UTF-32LE", nullptr, true},
    {"UTF-32BE", "UTF-32", false},
    {"ISO-8859-1", "ISO-8859-1"},
    {"US-ASCII", "US-ASCII"},
    {"ISO-8859-5", "ISO-8859-5"},
    {"ISO-8859-8", "iso-8859-8"},
    {"ISO-8859-15", "ISO-8859-15"},
    {"windows-1251", "windows-1251"},
    {"windows-1252", "windows-1252"},
    {"windows-1255", "windows-1255"},
    {"windows-1258", "windows-1258"},
    {"KOI8-R", "KOI8-R"},
    {"macintosh", "macintosh"},
    {"TIS-620", "TIS-620"},
    {"TCVN5712-1", "TCVN5712-1"},
    {"ARMSCII-8", "ARMSCII-8"},
    {"Shift_JIS", "Shift_JIS"},
    {"SHIFT_JISX0213", "SHIFT_JISX0213"},
    {"CP932", "CP932"},
    {"EUC-JP", "EUC-JP"},
    {"EUC-JISX0213", "EUC-JISX0213"},
    {"ISO-2022-JP", "ISO-2022-JP"},
    {"GB18030", "GB18030"},
    {"GBK", "GBK"},
    {"GB2312", "GB2312"},
    {"Big5", "Big5"},
    {"BIG5-HKSCS", "Big5-HKSCS"},
    {"EUC-TW", "EUC-TW"},
    {"EUC-KR", "EUC-KR"},
    {"JOHAB", "JOHAB"},
    {"IBM037", "IBM037"},
    {"IBM1047", "IBM1047"},
    {"IBM1390", "IBM1390"},
}};

/// Encodings with a shift state, which are refused.
constexpr std::array<std::string_view, 4> refused{"ISO-2022-JP", "EUC-JISX0213", "BIG5-HKSCS", "IBM1390"};

/// iconv's handle of one direction.
struct Handle {
  Handle(const char* to, const char* from) : value(iconv_open(to, from)) {
    expect(value != reinterpret_cast<iconv_t>(-1));
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  ~Handle() { iconv_close(value); }
  iconv_t value;
};

/// Kept from input to input: to load an encoding's tables takes longer than all the rest, and the program's
/// own handles are quick to open while another keeps the tables.
iconv_t handle_of(const char* to, const char* from) {
  static std::map<std::pair<std::string, std::string>, Handle> handles;
  auto const key = std::pair<std::string, std::string>(to, from);
  return handles.try_emplace(key, to, from).first->second.value;
}

/// Nothing where a character cannot be written or read.
std::optional<std::string> converted(std::string text, const char* to, const char* from) {
  iconv_t const handle = handle_of(to, from);
  iconv(handle, nullptr, nullptr, nullptr, nullptr);
  std::string out(4 * text.size() + 16, '\0');
  char* in = text.data();
  char* here = out.data();
  std::size_t left = text.size();
  std::size_t room = out.size();
  std::size_t const replaced = iconv(handle, &in, &left, &here, &room);
  if (replaced != 0 || left != 0) return std::nullopt;
  out.resize(out.size() - room);
  return out;
}

/// The document without the XML declaration that it brought along.
std::string body_of(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  if (!text.starts_with("<?xml ")) return text;
  std::size_t const end = text.find("?>");
  return end == text.npos ? text : text.substr(end + 2);
}

std::string with_head(const Form& form, const std::string& body) {
  std::string const mark = form.marked ? "\xEF\xBB\xBF" : "";
  return mark + (form.said ? "<?xml version='1.0' encoding='" + std::string(form.said) + "'?>" : "") + body;
}

/// UTF-8 with what the encoding cannot write as character references.
std::string with_references(const std::string& text, const char* encoding) {
  if (converted(text, encoding, "UTF-8")) return text;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t length = 1;
    while (i + length < text.size() && (static_cast<unsigned char>(text[i + length]) & 0xC0U) == 0x80U)
      ++length;
    std::string const one = text.substr(i, length);
    i += length;
    if (one.size() == 1 || converted(one, encoding, "UTF-8")) {
      out += one;
      continue;
    }
    std::string const wide = converted(one, "UTF-32BE", "UTF-8").value();
    unsigned code = 0;
    for (char const byte : wide) code = code << 8U | static_cast<unsigned char>(byte);
    std::array<char, 16> reference{};
    std::snprintf(reference.data(), reference.size(), "&#x%X;", code);
    out += reference.data();
  }
  return out;
}

ApplyRequest request(Policy policy) {
  ApplyRequest request;
  for (const char* option :
       {"type=network,name=B\xC3\xBCro \xE7\xB6\xB2\xF0\x9F\x96\xA7", "type=ovs,name=vs0,vlan.tag=7",
        "type=macvtap,name=eth0,mode=vepa,mac=stable,mac.seed=\xD0\xB6"})
    for (const Interface& each : parse_interface(option, "--interface"))
      request.spec.interfaces.push_back(each);
  request.policy = policy;
  request.arch = "x86_64";
  return request;
}

/// As in a batch, what was rendered for one document serves the next; renewed before it grows large.
Applier& applier_of(Policy policy) {
  static std::map<Policy, std::pair<std::size_t, std::optional<Applier>>> appliers;
  auto& [used, applier] = appliers[policy];
  if (used++ % 500 == 0) applier.emplace(request(policy));
  return *applier;
}

struct Result {
  Spliced spliced{};
  Document before{};
};

/// Nothing where the document or the change is refused.
std::optional<Result> changed(const std::string& bytes, Applier& applier) {
  try {
    Result result;
    result.before = Scanner().scan(bytes, "fuzz.xml");
    expect(result.before.bytes == bytes);
    const Plan plan = applier.plan(result.before);
    result.spliced = splice(result.before, plan.edits);
    fuzz::check_kept(bytes, result.spliced);
    const Document after = Scanner().scan(result.spliced.bytes, "result.xml");
    require_as_decided(result.before, result.before.domain, plan.changes, after.domain);
    return result;
  } catch (const Error& error) {
    fuzz::check_error(error);
    return std::nullopt;
  }
}

/// What attach added, taken away again, leaves the input.
void check_taken_back(const Result& result) {
  const Domain& old = result.before.domain;
  Document const after = Scanner().scan(result.spliced.bytes, "result.xml");
  expect(after.domain.interfaces.size() == old.interfaces.size() + 3);
  if (!old.devices || old.devices->empty_tag()) return;
  const std::size_t last = after.domain.interfaces.size();
  expect(splice(after, removal(after, {last - 2, last - 1, last}).edits).bytes == result.before.bytes);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  if (size == 0) return 0;
  const Form& form = forms.at(data[0] % forms.size());
  std::string const body = body_of(std::string(reinterpret_cast<const char*>(data) + 1, size - 1));
  if (!form.said && !body.starts_with('<')) return 0;  // nothing tells such an encoding
  std::string const text = with_head(form, body);
  std::optional<std::string> const bytes = converted(text, form.name, "UTF-8");
  if (!bytes || converted(*bytes, "UTF-8", form.name) != text) return 0;
  std::string const plain = with_head({"UTF-8", form.said ? "UTF-8" : nullptr, form.marked}, body);

  for (Policy const policy : {Policy::append, Policy::ensure, Policy::converge}) {
    Applier& applier = applier_of(policy);
    std::optional<Result> const there = changed(*bytes, applier);
    std::optional<Result> here = changed(plain, applier);
    if (std::ranges::find(refused, form.name) != refused.end()) here.reset();
    expect(there.has_value() == here.has_value());
    if (!there) return 0;
    std::string const& out = there->spliced.bytes;
    std::string const wanted = body_of(with_references(here->spliced.bytes, form.name));
    expect(body_of(converted(out, "UTF-8", form.name).value()) == wanted);
    if (policy == Policy::append)
      check_taken_back(*there);
    else
      expect(changed(out, applier).value().spliced.bytes == out);
  }
  return 0;
}
