// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstdlib>
#include <string>

#include "base/error.hpp"
#include "xml/splice.hpp"

namespace virt_iface::fuzz {

/// What must hold; libFuzzer keeps the input where it does not.
inline void expect(bool holds) {
  if (!holds) std::abort();
}

/// An Error says something, and can be told to people and to programs.
inline void check_error(const Error& error) {
  expect(!error.messages().empty());
  for (const Message& message : error.messages()) {
    expect(!message.text.empty());
    expect(!format(message, {}).empty() && !format(message, {.style = MessageStyle::json}).empty());
  }
}

/// Both texts are the same between what was replaced.
inline void check_kept(const std::string& before, const Spliced& after) {
  std::size_t old_end = 0;
  std::size_t new_end = 0;
  for (const Replaced& r : after.replaced) {
    expect(old_end <= r.old_begin && r.old_begin <= r.old_end && r.old_end <= before.size());
    expect(new_end <= r.new_begin && r.new_begin <= r.new_end && r.new_end <= after.bytes.size());
    expect(before.compare(old_end, r.old_begin - old_end, after.bytes, new_end, r.new_begin - new_end) == 0);
    old_end = r.old_end;
    new_end = r.new_end;
  }
  expect(before.compare(old_end, before.npos, after.bytes, new_end, after.bytes.npos) == 0);
}

}  // namespace virt_iface::fuzz
