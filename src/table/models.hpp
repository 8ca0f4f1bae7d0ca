// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <array>
#include <string_view>

namespace virt_iface {

/// Those of the proposal, those of libvirt 9.0.0 (virDomainNetModel) and others that QEMU has. libvirt reads
/// its own in any case and writes them as they stand here.
inline constexpr auto known_models = std::to_array<std::string_view>({
    "virtio",
    "virtio-transitional",
    "virtio-non-transitional",
    "e1000",
    "e1000e",
    "igb",
    "rtl8139",
    "ne2k_pci",
    "ne2k_isa",
    "pcnet",
    "i82550",
    "i82551",
    "i82557a",
    "i82557b",
    "i82557c",
    "i82558a",
    "i82558b",
    "i82559a",
    "i82559b",
    "i82559c",
    "i82559er",
    "i82562",
    "i82801",
    "tulip",
    "vmxnet",
    "vmxnet2",
    "vmxnet3",
    "vlance",
    "netfront",
    "spapr-vlan",
    "usb-net",
    "lan9118",
    "smc91c111",
    "Am79C970A",
    "Am79C973",
    "82540EM",
    "82545EM",
    "82543GC",
    "libvirt",
    "rocker",
    "xen",
    "lance",
});

}  // namespace virt_iface
