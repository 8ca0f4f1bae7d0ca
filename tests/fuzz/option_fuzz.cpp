// SPDX-License-Identifier: LGPL-2.1-or-later
// --interface and KEY=VALUE words: any text gives interfaces or an Error.
#include <string>

#include "oracle.hpp"
#include "spec/interface.hpp"

using namespace virt_iface;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  try {
    fuzz::expect(!parse_interface(text, "--interface").empty());
  } catch (const Error& error) {
    fuzz::check_error(error);
  }
  try {
    parse_settings({text, "model=virtio"});
  } catch (const Error& error) {
    fuzz::check_error(error);
  }
  return 0;
}
