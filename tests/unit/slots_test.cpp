// SPDX-License-Identifier: LGPL-2.1-or-later
#include "base/slots.hpp"

#include <gtest/gtest.h>

namespace virt_iface {
namespace {

TEST(TellsNoFreeSlot, OnlyWhereNoneIsLeft) {
  for (const char* said :
       {"internal error: No more available PCI slots",
        "virt-iface: error: cannot attach to the running guest web1: internal error: no more available PCI "
        "slots",
        "internal error: unable to execute QEMU command 'device_add': PCI: no slot/function available for "
        "virtio-net-pci, all in use or reserved"})
    EXPECT_TRUE(tells_no_free_slot(said)) << said;
  for (const char* said :
       {"internal error: unable to execute QEMU command 'device_add': PCI: slot 3 function 0 not available "
        "for "
        "virtio-net-pci, in use by virtio-net-pci,id=net0",
        "XML error: Attempted double use of PCI slot 0000:01:00.0 (may need \"multifunction='on'\")",
        "internal error: PCI bus 9 is not there", "no free slot for a SCSI disk", ""})
    EXPECT_FALSE(tells_no_free_slot(said)) << said;
}

}  // namespace
}  // namespace virt_iface
