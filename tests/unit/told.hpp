// SPDX-License-Identifier: LGPL-2.1-or-later
// What the tests of the configuration share: settings and messages as text.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "table/interface.hpp"

namespace virt_iface::test {

inline std::string in_words(const Interface& interface) {
  std::string out;
  for (const Setting& setting : interface.settings) out += setting.key + "=" + setting.value + " ";
  return out;
}

/// A line each.
inline std::string in_words(const std::vector<Interface>& interfaces) {
  std::string out;
  for (const Interface& interface : interfaces) out += in_words(interface) + "\n";
  return out;
}

inline std::string formatted(const std::vector<Message>& messages) {
  std::string out;
  for (const Message& message : messages) out += format(message, {});
  return out;
}

/// Everything that the call tells as its Error, or empty.
template <typename Call>
std::string told_by(Call call) {
  try {
    call();
    return {};
  } catch (const Error& error) {
    EXPECT_EQ(error.status(), Exit::invalid);
    return formatted(error.messages());
  }
}

}  // namespace virt_iface::test
