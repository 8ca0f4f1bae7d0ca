// SPDX-License-Identifier: LGPL-2.1-or-later
// An interface of every type that states a key, for the tests that go over the table.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "edit/render.hpp"
#include "table/interface.hpp"
#include "xml/style.hpp"

namespace virt_iface {

/// `which` is one or two.
inline std::string source_of_type(const Type& type, const std::string& which) {
  switch (type.source_is) {
    case SourceIs::none:
      return {};
    case SourceIs::pci:
      return which == "one" ? "0000:00:01.0" : "0000:00:02.0";
    case SourceIs::path:
      return "/dev/" + which;
    case SourceIs::endpoint:
      return "192.0.2.1:" + std::string(which == "one" ? "5558" : "5559");
    default:
      return which;
  }
}

inline std::string value_of(const Key& key) {
  switch (key.kind) {
    case Kind::word:
      return std::string(words(key.allowed).front());
    case Kind::port_forward:
      return "8080:80,!8081";
    case Kind::power_of_two:
      return "512";
    case Kind::integer:
      return "1";
    case Kind::numbers:
      return "42";
    case Kind::mac:
      return "52:54:00:00:00:01";
    case Kind::mac_prefix:
      return "02";
    case Kind::uuid:
      return "4d3b7f5c-9a1e-4c2d-8b6f-000000000001";
    case Kind::target:
      return "tap0";
    case Kind::path:
      return "/srv/file";
    case Kind::model:
      return "virtio";
    case Kind::alias:
    case Kind::alias_name:
      return "ua-one";
    case Kind::usb_port:
    case Kind::loadparm:
    case Kind::node_set:
      return "2";
    case Kind::native_vlan:
      return "untagged:42";
    case Kind::number:
      return key.allowed.starts_with("68-") ? "1400" : "2";
    default:
      return "name";
  }
}

/// Everything by which a key makes sense: filled in until check() is content.
inline Interface interface_with(const Key& key, std::string_view type) {
  Interface out;
  out.set("type", std::string(type));
  const bool usb = key.name.starts_with("source.vendor") || key.name.starts_with("source.product");
  const std::string source = source_of_type(*find_type(type), "one");
  if (!source.empty() && !usb) out.set("source", source);
  if (!find_type(type)->modes.empty()) out.set("mode", "passthrough");
  out.set("model", "virtio");
  add_type_defaults(out);
  const std::string name = key.is_family() ? std::string(key.name) + "IP" : std::string(key.name);
  const auto put = [&](std::string_view other, std::string value) {
    if (out.find(other) == nullptr) out.set(other, std::move(value));
  };
  if (key.name == "mode") out.set("mode", "private");
  if (key.name != "type" && key.name != "source" && key.name != "mode") out.set(name, value_of(key));
  if (key.name == "driver.name" && type == "hostdev") out.set(name, "vfio");
  if (usb) put("source.vendor.id", "0x0001");
  if (usb) put("source.product.id", "0x0001");
  if (key.since == "9.2") put("backend.type", "passt");
  if (is_of(key.name, "vlan")) put("vlan.tag", "42");
  if (key.name.starts_with("filterref.parameter")) put("filterref.filter", "clean-traffic");
  if (key.name.starts_with("mac.")) put("mac", key.path.empty() ? "stable" : "52:54:00:00:00:01");
  if (key.name == "boot.loadparm") put("boot.order", "1");
  if (key.name == "address.port") put("address.type", "usb"), put("address.bus", "0");
  if (key.name == "address.reg") put("address.type", "spapr-vio");
  if (key.name == "teaming.persistent") put("teaming.type", "transient");
  if (key.name.starts_with("bandwidth."))
    put(std::string(key.name.substr(0, key.name.rfind('.'))) + ".average", "9");
  if (key.where == Where::s390 && is_of(key.name, "address.zpci")) put("address.type", "pci");
  if (is_of(key.name, "address") && key.where != Where::s390 && key.name != "address.type" &&
      out.find("address.type") == nullptr)
    out.set("address.slot", "9");  // the board has the first ones
  if (is_of(key.name, "address")) {
    put("address.type", key.where == Where::s390 ? "ccw" : "pci");
    if (out.get("address.type") == "ccw")
      for (const char* part : {"address.cssid", "address.ssid", "address.devno"}) put(part, "1");
  }
  return out;
}

/// Its memory is shared, as vhostuser needs it.
inline std::string document_with(const Interface& interface, const std::string& arch) {
  Renderer renderer;
  const std::string machine = arch == "s390x" ? "s390-ccw-virtio" : "pc";
  const std::string front =
      "<domain "
      "type='qemu'><name>g</name><uuid>5b0f3a52-7c1e-4d55-9f6a-0c0d5e6f7a81</uuid><memory>65536</"
      "memory><memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking>"
      "<os><type arch='" +
      arch + "' machine='" + machine + "'>hvm</type></os>\n<devices>\n";
  return front + serialise(renderer.make(interface), Style{.eol = "\n", .step = " "}) +
         "\n</devices></domain>";
}

}  // namespace virt_iface
