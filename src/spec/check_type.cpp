// SPDX-License-Identifier: LGPL-2.1-or-later
#include "spec/check_type.hpp"

#include "base/text.hpp"
#include "table/meaning.hpp"
#include "table/pci.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

class TypeChecker {
 public:
  TypeChecker(const Interface& interface, const Type& type, const DomainTraits* domain)
      : interface_(interface), type_(type), word_(type.word), domain_(domain) {}

  std::vector<Finding> check() {
    if (type_.made) source();
    mode();
    driver();
    model();
    team();
    if (word_ == "vhostuser") memory();
    if (word_ == "hostdev" && get("address.type") == "ccw")
      fault("ccw-on-hostdev", "address.type", "a ccw address on type hostdev", "use address.type = pci");
    if (word_ == "hostdev" && get("link.state") == "down") {
      // qemuProcessSetLinkStates (libvirt 9.0 to 12.8) asks QEMU for the link of hostdevN, which has none
      // there.
      fault("link-of-hostdev", "link.state", "link.state = down on type hostdev: such a guest does not start",
            "leave it out, and cut the link on the host");
      found_.back().message.severity = Severity::warning;
    }
    if (word_ == "user" || word_ == "vhostuser") passt();
    if (word_ == "user" || word_ == "vhostuser" || word_ == "hostdev" || word_ == "vdpa") bandwidth();
    return std::move(found_);
  }

 private:
  /// What each type takes differs: its word is part of what was found. With key `type` it is of all of it.
  void fault(std::string_view rule, std::string_view key, std::string text, std::string hint = {}) {
    found_.push_back(found(interface_, rule, key, std::move(text), std::move(hint), word_));
    if (key == "type") found_.back().message.place = interface_.place;
  }

  std::string_view get(std::string_view key) const { return interface_.get(key); }
  bool has(std::string_view key) const { return interface_.find(key) != nullptr; }

  void source() {
    const std::string noun(type_.noun);
    if (type_.source_is == SourceIs::none) {
      if (has("source"))
        fault("no-source-of-type", "source", "type " + word_ + " has no name",
              word_ == "ethernet" ? "name the tap device with target.dev" : "leave it out");
      return;
    }
    if (word_ == "vhostuser" && is_passt(interface_)) return no_socket();
    if (!has("source")) return no_source(noun);
    const std::string_view name = get("source");
    const std::string what = noun + " '" + std::string(name) + "'";
    if (type_.source_is == SourceIs::device) device(name, noun, what);
    if (type_.source_is == SourceIs::pci) pci(name, what);
    if (type_.source_is == SourceIs::path && !name.empty() && !name.starts_with('/'))
      fault("source-is-path", "source", what + " is not an absolute path", "begin it with /");
  }

  /// A function of a USB device is named by its vendor and product.
  void no_source(const std::string& noun) {
    const bool vendor = has("source.vendor.id");
    const bool product = has("source.product.id");
    if (vendor && product) return;
    if (vendor || product)
      return fault("usb-ids", vendor ? "source.vendor.id" : "source.product.id",
                   "a USB device needs both its ids",
                   vendor ? "add source.product.id" : "add source.vendor.id");
    fault("needs-source", "type", "an interface of type " + word_ + " without a name",
          "add name = the " + noun);
  }

  /// passt and QEMU have one between them.
  void no_socket() {
    for (const char* key : {"source", "source.mode"})
      if (has(key))
        fault("passt-has-no-socket", key,
              std::string(key) + " on type vhostuser with passt, which has no socket to name",
              "leave it out");
  }

  void device(std::string_view name, const std::string& noun, const std::string& what) {
    if (name.empty()) return;
    if (word_ == "bridge") return bridge(name, what);
    const Verdict device =
        judge({.name = "source", .kind = Kind::device, .meaning = meaning::plain}, noun, name);
    if (!device.fault.empty()) {
      fault("source-name", "source", device.fault, device.hint);
    } else if (name.size() > 15) {
      fault("source-name", "source", what + " is longer than 15 bytes", "use a shorter name");
    } else if (name.front() == '-' || !is_kernel_name(name)) {
      fault("source-name", "source", what + " is not the name of an interface");
    }
  }

  /// As libvirt's schema (9.0 to 12.8) has it: the name of a switch of VMware is no device of a kernel.
  void bridge(std::string_view name, const std::string& what) {
    std::string characters(name);
    std::erase(characters, ' ');
    const Verdict device =
        judge({.name = "source", .kind = Kind::device, .meaning = meaning::plain}, "name", characters);
    if (!device.fault.empty())
      return fault("bridge-name", "source", what + " holds a character that libvirt does not take",
                   device.hint);
    const bool has_kernel = domain_ != nullptr && (domain_->type == "qemu" || domain_->type == "kvm");
    if (!has_kernel || is_device_name(name)) return;
    fault("bridge-of-kernel", "source", what + " is a name that the kernel gives no device",
          "it takes at most 15 bytes, no space, no / and no :");
    found_.back().message.severity = Severity::warning;
  }

  void pci(std::string_view name, const std::string& what) {
    if (has("source.vendor.id") || has("source.product.id"))
      return fault("pci-or-usb", "source", "a PCI address and the ids of a USB device", "keep one of them");
    const std::string address = pci_address(name);
    if (name.empty() || address == name) return;
    fault("pci-address", "source", what + " is not spelled 0000:3b:10.2",
          address.empty() ? "virt-iface sources --type hostdev shows the addresses" : "write " + address);
  }

  void mode() {
    const std::string_view mode = get("mode");
    if (!type_.modes.empty() && !has("mode")) {
      fault("needs-mode", "type", "an interface of type " + word_ + " without a mode",
            "add mode = bridge, vepa, private or passthrough");
    }
    if (type_.modes.empty() && !mode.empty()) {
      fault("no-mode-of-type", "mode", "mode '" + std::string(mode) + "' on type " + word_,
            "leave mode out, or write NA: only macvtap has modes");
    }
  }

  void driver() {
    if (!has("driver.name") || is_driver_of(word_, get("driver.name"))) return;
    fault("driver-of-type", "driver.name",
          "driver.name '" + std::string(get("driver.name")) + "' cannot be used on type " + word_,
          word_ == "hostdev" ? "use vfio, kvm or xen" : "use qemu or vhost");
  }

  void model() {
    const std::string_view model = get("model");
    if ((word_ != "vdpa" && word_ != "vhostuser") || is_virtio(model)) return;
    // libvirt gives vdpa the model by itself.
    if (model.empty() && word_ == "vhostuser" && domain_ != nullptr)
      fault("model-of-type", "type", "type vhostuser without a virtio model", "state model = virtio");
    if (model.empty()) return;
    fault("model-of-type", "model", "model '" + std::string(model) + "' on type " + word_,
          "it needs model = virtio");
  }

  /// Only a function that is passed through can come and go (virDomainNetDefValidate, 9.0.0).
  void team() {
    if (get("teaming.type") != "transient" || word_ == "hostdev" || word_ == "network") return;
    fault("transient-on-type", "teaming.type", "teaming.type 'transient' cannot be used on type " + word_,
          "it is for network, hostdev");
  }

  /// libvirt 11 refuses it at the definition; before, QEMU did at the start.
  void memory() {
    if (domain_ == nullptr || domain_->shares_memory) return;
    fault("memory-not-shared", "type", "type vhostuser in a domain whose memory is not shared",
          "add <memoryBacking><source type='memfd'/><access mode='shared'/></memoryBacking> to the domain");
  }

  void passt() {
    if (is_passt(interface_)) return;
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key != nullptr && is_of_passt(*key) && key->name != "backend.type")
        fault("needs-passt", setting.key, setting.key + " without backend.type = passt",
              "add backend.type = passt");
    }
  }

  /// libvirt (virNetDevSupportsBandwidth, 9.0 to 12.8) takes it here, too, and does nothing.
  void bandwidth() {
    for (const Setting& setting : interface_.settings) {
      if (!setting.key.starts_with("bandwidth.")) continue;
      fault("bandwidth-of-type", setting.key, "bandwidth has no effect on type " + word_,
            "leave it out, and limit the rate on the host");
      found_.back().message.severity = Severity::warning;
      return;
    }
  }

  const Interface& interface_;
  const Type& type_;
  std::string word_;
  const DomainTraits* domain_;
  std::vector<Finding> found_{};
};

}  // namespace

Finding found(const Interface& interface, std::string_view rule, std::string_view key, std::string text,
              std::string hint, std::string_view also) {
  const Setting* setting = interface.find(key);
  return {.rule = rule,
          .about = std::string(key).append("=").append(interface.get(key)).append(" ").append(also),
          .message = {.place = setting == nullptr ? interface.place : setting->place,
                      .text = std::move(text),
                      .hint = std::move(hint)}};
}

std::vector<Finding> check_type(const Interface& interface, const Type& type, const DomainTraits* domain) {
  return TypeChecker(interface, type, domain).check();
}

}  // namespace virt_iface
