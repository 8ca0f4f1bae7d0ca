// SPDX-License-Identifier: LGPL-2.1-or-later
// Prints the JSON Schema that is installed beside the documentation.
#include <iostream>

#include "spec/json_schema.hpp"

int main() {
  std::cout << virt_iface::json_schema();
  return std::cout.flush() ? 0 : 1;
}
