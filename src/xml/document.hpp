// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "xml/element.hpp"

namespace virt_iface {

enum class Root { domain, snapshot, checkpoint, status, interface, other };

/// The hint where text out of an entity stands in the way.
inline constexpr const char* expand_hint =
    "write its text into the document (xmllint --noent does it) and try again";

/// What is said of an attribute that nobody wrote, and that cannot be removed from its element.
inline std::string dtd_default(const Element& element, const Attribute& attribute) {
  return attribute.name + " = " + attribute.value + " of <" + element.name +
         "> is a default of the document's DTD, and would stay";
}
inline constexpr const char* dtd_hint =
    "state another value in the element, or remove the default from the DTD";

/// A stretch of Document::text.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// What a decision needs of a `<domain>`, and where things stand in the text.
struct Domain {
  std::string type{};  ///< domain/@type
  std::string name{};
  std::string uuid{};
  std::string arch{};          ///< os/type/@arch; empty when the document does not say
  bool shares_memory = false;  ///< with other processes: <memoryBacking>, or each of its NUMA cells
  bool os_boot = false;
  Element element{};                        ///< the `<domain>` itself: name, attributes and offsets only
  std::optional<Element> devices{};         ///< the first `<devices>`: offsets only
  std::optional<Span> devices_anchor{};     ///< without `<devices>`: the child of domain it would follow
  std::vector<Element> interfaces{};        ///< the children of `<devices>` of that name, whole
  std::optional<Span> interface_anchor{};   ///< the last device that libvirt writes before interfaces
  std::vector<std::string> boot_orders{};   ///< boot/@order of the other devices
  std::vector<std::string> acpi_indexes{};  ///< acpi/@index of the other devices
  std::vector<std::string> aliases{};  ///< alias/@name of the other devices, if users chose them (ua-…)
  std::optional<std::size_t>
      foreign_devices{};  ///< offset of an entity that holds `<devices>` or an interface
};

/// Which guest it is: its name and UUID; a document without one is told from others by its file.
inline std::string identity_of(const std::string& name, const std::string& uuid, const std::string& file) {
  return name + '\n' + (uuid.empty() ? file : uuid);
}

/// A document: its bytes, their text in UTF-8, and what the scan found. Owns both texts.
struct Document {
  std::string file{};      ///< for messages
  std::string bytes{};     ///< as read
  std::string encoding{};  ///< as detected
  std::string decoded{};   ///< the text when `bytes` are not UTF-8
  Root root = Root::domain;
  bool doctype = false;  ///< has one
  std::size_t root_begin = 0;
  Domain domain{};                          ///< for Root::interface: only `interfaces`, with the one element
  std::optional<Domain> inactive_domain{};  ///< a snapshot's `<inactiveDomain>`: the guest's next start
  mutable PlaceFinder places{};             ///< a document may have a message for each of many interfaces

  bool utf8() const { return decoded.empty(); }
  std::string_view text() const { return utf8() ? std::string_view(bytes) : std::string_view(decoded); }
  Place place(std::size_t offset) const { return places.find(file, text(), offset); }
};

}  // namespace virt_iface
