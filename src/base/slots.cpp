// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slots.hpp"

#include <string>

#include "base/text.hpp"

namespace virt_iface {

bool tells_no_free_slot(std::string_view said) {
  std::string const text = lower(said);
  // virDomainPCIAddressGetNextAddr of libvirt, do_pci_register_device of QEMU.
  return text.find("no more available pci ") != std::string::npos ||
         text.find("no slot/function available for ") != std::string::npos;
}

}  // namespace virt_iface
