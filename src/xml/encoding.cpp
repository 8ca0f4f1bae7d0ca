// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/encoding.hpp"

#include <iconv.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/error.hpp"
#include "base/text.hpp"

namespace virt_iface {
namespace {

/// One direction of iconv.
class Converter {
 public:
  Converter(const std::string& to, const std::string& from) : handle_(iconv_open(to.c_str(), from.c_str())) {}
  Converter(const Converter&) = delete;
  Converter& operator=(const Converter&) = delete;
  ~Converter() {
    if (known()) iconv_close(handle_);
  }
  bool known() const { return handle_ != reinterpret_cast<iconv_t>(-1); }

  /// Converts from the front of `in` (which shrinks) to the end of `out`, into at most `room` bytes.
  /// Returns 0 or errno: E2BIG (no room), EILSEQ, EINVAL (input ends within a character).
  int convert(std::string_view& in, std::string& out, std::size_t room) {
    std::size_t const before = out.size();
    out.resize(before + room);
    char* from = const_cast<char*>(in.data());  // iconv's prototype lacks const; it does not write there
    char* to = out.data() + before;
    std::size_t left = in.size();
    std::size_t space = room;
    bool const failed = iconv(handle_, &from, &left, &to, &space) == static_cast<std::size_t>(-1);
    int const error = failed ? errno : 0;
    out.resize(out.size() - space);
    in.remove_prefix(in.size() - left);
    return error;
  }

 private:
  iconv_t handle_;
};

/// The part of an XML declaration between `encoding="` and the quote, from text in an ASCII superset.
std::string declared_encoding(std::string_view text) {
  if (!text.starts_with("<?xml") || text.size() < 6 || std::string_view(" \t\r\n").find(text[5]) == text.npos)
    return {};
  text = text.substr(0, text.find("?>"));
  std::size_t const word = text.find("encoding");
  if (word == text.npos) return {};
  std::size_t const open = text.find_first_of("'\"", word);
  if (open == text.npos) return {};
  std::size_t const close = text.find(text[open], open + 1);
  return close == text.npos ? std::string() : std::string(text.substr(open + 1, close - open - 1));
}

struct Signature {
  std::string_view bytes;
  std::string_view encoding;
};

constexpr std::array<Signature, 9> signatures{{
    {std::string_view("\x00\x00\xFE\xFF", 4), "UTF-32BE"},
    {std::string_view("\xFF\xFE\x00\x00", 4), "UTF-32LE"},
    {std::string_view("\x00\x00\x00<", 4), "UTF-32BE"},
    {std::string_view("<\x00\x00\x00", 4), "UTF-32LE"},
    {std::string_view("\xEF\xBB\xBF", 3), "UTF-8"},
    {std::string_view("\xFE\xFF", 2), "UTF-16BE"},
    {std::string_view("\xFF\xFE", 2), "UTF-16LE"},
    {std::string_view("\x00<\x00", 3), "UTF-16BE"},  // else a document behind a NUL
    {std::string_view("<\x00", 2), "UTF-16LE"},
}};

/// What can stand in front of the `<` itself: byte order marks, and zero bytes of a `<` of several.
constexpr std::array<std::string_view, 7> fronts{{
    std::string_view("\x00\x00\xFE\xFF\x00\x00\x00", 7),
    std::string_view("\xFF\xFE\x00\x00", 4),
    std::string_view("\xFE\xFF\x00", 3),
    std::string_view("\xEF\xBB\xBF", 3),
    std::string_view("\x00\x00\x00", 3),
    std::string_view("\xFF\xFE", 2),
    std::string_view("\x00", 1),
}};

bool is_wide(std::string_view name) {
  return name.starts_with("utf-16") || name.starts_with("utf-32") || name.starts_with("ucs-") ||
         name.starts_with("iso-10646-ucs");
}

/// Encodings with a shift state: the bytes of an insertion would depend on what stands before it.
bool is_stateful(std::string_view encoding) {
  constexpr std::array<std::string_view, 20> prefixes{
      "iso-2022", "iso2022", "csiso2022", "utf-7",   "utf7",    "hz",      "ibm930",
      "ibm933",   "ibm935",  "ibm937",    "ibm939",  "ibm1364", "ibm1371", "ibm1388",
      "ibm1390",  "ibm1399", "tscii",     "big5-hk", "big5hk",  "euc-jisx"};
  std::string const name = lower(encoding);
  return std::any_of(prefixes.begin(), prefixes.end(), [&](auto p) { return name.starts_with(p); });
}

[[noreturn]] void refuse(const std::string& file, const std::string& text) {
  throw Error(Exit::invalid, Place{.file = file, .line = 1}, text,
              "convert the document to UTF-8 first, for example with iconv and an edited declaration");
}

[[noreturn]] void refuse_writing(std::string_view character, const std::string& encoding) {
  throw Error(Exit::invalid,
              "'" + std::string(character) + "' cannot be written in encoding '" + encoding +
                  "', nor can a reference to it",
              "convert the document to UTF-8 first, for example with iconv and an edited declaration");
}

}  // namespace

bool is_utf8_name(std::string_view encoding) {
  std::string const name = lower(encoding);
  return name == "utf-8" || name == "utf8";
}

std::size_t front_of_tag(std::string_view before) {
  auto const* front = std::ranges::find_if(fronts, [&](std::string_view f) { return before.ends_with(f); });
  return front == fronts.end() ? 0 : front->size();
}

std::string detect_encoding(std::string_view bytes, const std::string& file) {
  for (const Signature& signature : signatures)
    if (bytes.starts_with(signature.bytes)) return std::string(signature.encoding);
  if (bytes.starts_with("\x4C\x6F\xA7\x94")) {  // "<?xm" in EBCDIC; its pages agree on letters and digits
    std::string const head =
        decode(bytes.substr(0, std::min<std::size_t>(bytes.size(), 200)), "IBM037", file);
    std::string const name = declared_encoding(head);
    return name.empty() ? "IBM037" : name;
  }
  std::string const name = declared_encoding(bytes);
  if (is_wide(lower(name)))
    refuse(file, "the declaration says encoding '" + name + "', but the bytes are not in it");
  return name.empty() ? "UTF-8" : name;
}

std::string decode(std::string_view bytes, const std::string& encoding, const std::string& file) {
  Converter converter("UTF-8", encoding);
  if (!converter.known()) refuse(file, "unknown encoding '" + encoding + "'");
  if (is_stateful(encoding)) refuse(file, "encoding '" + encoding + "' cannot be edited byte by byte");
  std::string text;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    int const error = converter.convert(rest, text, 2 * rest.size() + 16);
    if (error == EILSEQ || error == EINVAL)
      throw Error(Exit::invalid, place_in(file, text, text.size()),
                  "byte " + std::to_string(bytes.size() - rest.size() + 1) + " is not valid in encoding '" +
                      encoding + "'");
  }
  return text;
}

std::string decode_front(std::string_view bytes, const std::string& encoding) {
  Converter converter("UTF-8", encoding);
  std::string text;
  if (!converter.known() || is_stateful(encoding)) return text;
  while (!bytes.empty() && converter.convert(bytes, text, 2 * bytes.size() + 16) == E2BIG) {
  }
  return text;
}

std::string encode(std::string_view text, const std::string& encoding) {
  Converter converter(encoding, "UTF-8");
  std::string bytes;
  while (!text.empty()) {
    int const error = converter.convert(text, bytes, 4 * text.size() + 16);
    if (error == 0 || error == E2BIG) continue;
    auto const lead = static_cast<unsigned char>(text.front());
    std::size_t const length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0x80 ? 2 : 1;
    if (error != EILSEQ) refuse_writing(text.substr(0, length), encoding);
    unsigned code = length == 1 ? lead : lead & (0x7FU >> length);
    for (std::size_t i = 1; i < length && i < text.size(); ++i)
      code = (code << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    std::array<char, 16> reference{};
    int const size = std::snprintf(reference.data(), reference.size(), "&#x%X;", code);
    std::string_view ascii(reference.data(), static_cast<std::size_t>(size));
    if (converter.convert(ascii, bytes, 64) != 0) refuse_writing(text.substr(0, length), encoding);
    text.remove_prefix(std::min(length, text.size()));
  }
  return bytes;
}

std::vector<std::size_t> source_offsets(std::string_view bytes, const std::string& encoding,
                                        const std::vector<std::size_t>& text_offsets) {
  Converter converter("UTF-8", encoding);
  std::vector<std::size_t> offsets;
  std::string scratch;
  std::string_view rest = bytes;
  std::size_t done = 0;
  for (std::size_t offset : text_offsets) {
    // Room for exactly the text up to there: iconv then stops at exactly that character.
    while (done < offset) {
      scratch.clear();
      std::size_t const room = std::min<std::size_t>(offset - done, 1U << 20U);
      converter.convert(rest, scratch, room);
      if (scratch.empty()) break;
      done += scratch.size();
    }
    offsets.push_back(bytes.size() - rest.size());
  }
  return offsets;
}

}  // namespace virt_iface
