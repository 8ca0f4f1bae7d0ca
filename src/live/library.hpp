// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include <memory>
#include <string>
#include <string_view>

#include "base/error.hpp"

// clang-format off
#define VIRT_IFACE_LIBVIRT_FUNCTIONS(USE) \
  USE(virConnectClose) USE(virConnectGetLibVersion) USE(virConnectGetURI) USE(virConnectListAllDomains) USE(virConnectListAllNetworks) \
  USE(virConnectOpenAuth) USE(virDomainAttachDeviceFlags) USE(virDomainDefineXMLFlags) \
  USE(virDomainDetachDeviceFlags) USE(virDomainFree) USE(virDomainGetName) USE(virDomainGetState) USE(virDomainGetUUIDString) \
  USE(virDomainGetXMLDesc) USE(virDomainInterfaceAddresses) USE(virDomainInterfaceFree) \
  USE(virDomainIsActive) USE(virDomainIsPersistent) USE(virDomainLookupByName) \
  USE(virDomainLookupByUUIDString) USE(virDomainUpdateDeviceFlags) USE(virGetLastErrorCode) \
  USE(virGetLastErrorMessage) USE(virInitialize) USE(virNetworkFree) USE(virNetworkGetBridgeName) \
  USE(virNetworkGetName) USE(virNetworkGetXMLDesc) USE(virNetworkIsActive) USE(virNetworkLookupByName) \
  USE(virNodeGetInfo) USE(virSetErrorFunc)
// clang-format on

namespace virt_iface {

/// libvirt's functions, found at run time. Once loaded it stays: libvirt keeps threads and thread-local data.
struct Library {
// NOLINTNEXTLINE(bugprone-macro-parentheses): the name declared cannot stand in them
#define VIRT_IFACE_MEMBER(name) decltype(&::name) name = nullptr;
  VIRT_IFACE_LIBVIRT_FUNCTIONS(VIRT_IFACE_MEMBER)
#undef VIRT_IFACE_MEMBER
  virConnectAuthPtr auth = nullptr;  ///< asks on the terminal

  /// `what: libvirt's last error`, status 4.
  Error failure(const std::string& what, const std::string& hint = {}, std::string_view id = {}) const;
};

/// Loads libvirt. Throws Error (system) when it is not installed or too old.
Library load_library();

}  // namespace virt_iface
