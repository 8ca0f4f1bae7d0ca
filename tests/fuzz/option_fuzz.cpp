// SPDX-License-Identifier: LGPL-2.1-or-later
// --interface and KEY=VALUE words: any text gives interfaces or an Error.
#include <cstdlib>
#include <string>

#include "spec/interface.hpp"

using namespace virt_iface;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    if (parse_interface(text, "--interface").empty()) std::abort();
  } catch (const Error& error) {
    if (error.messages().empty()) std::abort();
    for (const Message& message : error.messages()) format(message, {});
  }
  try {
    parse_settings({text, "model=virtio"});
  } catch (const Error& error) {
    if (error.messages().empty()) std::abort();
  }
  return 0;
}
