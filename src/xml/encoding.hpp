// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace virt_iface {

/// The encoding of a document from its first bytes: byte order mark, the shape of `<?`, the declaration
/// (XML 1.0, appendix F). `UTF-8` when nothing says otherwise. Throws Error (invalid) where the declaration
/// contradicts the bytes.
std::string detect_encoding(std::string_view bytes, const std::string& file);

/// How many bytes at the end of what stands before the first byte `<` of a stream belong to the document that
/// begins there: its byte order mark, and zero bytes of its `<`.
std::size_t front_of_tag(std::string_view before);

/// True if text in that encoding is UTF-8 already.
bool is_utf8_name(std::string_view encoding);

/// The bytes as UTF-8, a byte order mark included. Throws Error (invalid) for an encoding that iconv does not
/// know or that keeps a shift state between characters (an insertion would change what follows), and for
/// bytes that are not valid in it.
std::string decode(std::string_view bytes, const std::string& encoding, const std::string& file);

/// The same of as much as can be converted from the front: nothing of an encoding that decode() refuses.
std::string decode_front(std::string_view bytes, const std::string& encoding);

/// UTF-8 as bytes of that encoding; a character that it cannot write becomes `&#xN;`. Throws Error (invalid)
/// where it cannot write that either.
std::string encode(std::string_view text, const std::string& encoding);

/// For ascending offsets of the decoded text: the offsets of the same places in `bytes`.
std::vector<std::size_t> source_offsets(std::string_view bytes, const std::string& encoding,
                                        const std::vector<std::size_t>& text_offsets);

}  // namespace virt_iface
