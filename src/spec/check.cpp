// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "spec/check_type.hpp"
#include "table/interface.hpp"
#include "table/meaning.hpp"
#include "table/models.hpp"
#include "table/values.hpp"

namespace virt_iface {

namespace {

/// `macvtap, network` for the bits.
std::string type_words(Types types) {
  std::vector<std::string> out;
  for (const std::string_view type : words(made_types()))
    if ((types & type_bit(type)) != 0) out.emplace_back(type);
  return join(out, ", ");
}

class Checker {
 public:
  Checker(const Interface& interface, const DomainTraits* domain)
      : interface_(interface), domain_(domain), type_(interface.get("type")), row_(find_type(type_)) {}

  std::vector<Finding> check() {
    values();
    if (!has("type")) {
      fault("needs-type", "type", "an interface without a type", "add type = " + type_words(~Types{0}));
    }
    if (row_ == nullptr) return std::move(found_);
    types();
    std::ranges::move(check_type(interface_, *row_, domain_), std::back_inserter(found_));
    vlan();
    if (domain_ != nullptr) versions(domain_->libvirt);
    virtualport();
    bandwidth();
    companions();
    address();
    model();
    return std::move(found_);
  }

 private:
  void fault(std::string_view rule, std::string_view key, std::string text, std::string hint = {},
             std::string_view also = {}) {
    found_.push_back(found(interface_, rule, key, std::move(text), std::move(hint), also));
  }
  /// The message of the last one.
  Message& last() { return found_.back().message; }

  std::string_view get(std::string_view key) const { return interface_.get(key); }
  bool has(std::string_view key) const { return interface_.find(key) != nullptr; }
  void values() {
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key == nullptr) {
        fault("unknown-key", setting.key, "unknown key '" + setting.key + "'", suggest_key(setting.key));
        continue;
      }
      Verdict verdict = judge(*key, setting.key, setting.value);
      if (verdict.fault.empty()) continue;
      fault("value", setting.key, std::move(verdict.fault), std::move(verdict.hint));
      if (key->kind == Kind::alias &&
          judge(*find_key("teaming.persistent"), setting.key, setting.value).fault.empty())
        last().id = unless_there;
    }
  }

  void types() {
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key == nullptr || key->name == "mode" || (key->types & type_bit(type_)) != 0) continue;
      fault("key-on-type", setting.key, setting.key + " cannot be used on type " + std::string(type_),
            "it is for " + type_words(key->types), type_);
      if (is_of(key->name, "filterref")) last().id = unless_there;
    }
  }

  void vlan() {
    const bool trunk = has("vlan.trunk") || has("vlan.native");
    if (trunk && !has("vlan.tag")) {
      const std::string key = has("vlan.trunk") ? "vlan.trunk" : "vlan.native";
      fault("needs-vlan", key, key + " without vlan.tag", "add vlan.tag = the VLANs");
    }
    const std::string_view tags = get("vlan.tag");
    if (has("vlan.tag") && mode_forbids("vlan.tag", interface_)) {
      fault("vlan-needs-passthrough", "vlan.tag", "vlan.tag on type macvtap needs mode passthrough",
            "use mode = passthrough, or as name a VLAN device of the host", get("mode"));
    } else if ((type_ == "macvtap" || type_ == "hostdev") && tags.find(',') != tags.npos) {
      fault("no-trunk-on-type", "vlan.tag",
            "vlan.tag makes a trunk, which type " + std::string(type_) + " cannot carry", "state one VLAN",
            type_);
    }
    // Linux: 0 is no VLAN, 4095 reserved (br_vlan_info).
    for (const std::string_view tag : split_list(type_ == "bridge" ? tags : std::string_view{}))
      if (tag == "0" || tag == "4095")
        fault("vlan-of-bridge", "vlan.tag", "VLAN " + std::string(tag) + " on type bridge",
              "Linux bridges have VLANs 1 to 4094");
    native_vlan(split_list(tags));
  }

  /// What only a newer libvirt carries: all of it where an older one is to carry it, else what needs the
  /// newest. A whole VLAN is one, and so is all of passt.
  void versions(Libvirt libvirt) {
    std::string said;
    Libvirt most = libvirt;
    std::optional<Finding> note;
    for (const Setting& setting : interface_.settings) {
      const Libvirt first = first_with(setting);
      const std::string what = what_needs(setting, first);
      if (first <= most || what == said) continue;
      said = what;
      const std::string text = what + " needs libvirt " + libvirt_text(first);
      if (libvirt != 0) {
        fault(needs_libvirt, setting.key, text + ", and this is for " + libvirt_text(libvirt));
        last().id = needs_libvirt;
        found_.back().about = what;  // of any value, but where `what` says one
        continue;
      }
      most = first;
      note = found(interface_, needs_libvirt, setting.key, text, "--libvirt VERSION says for which it is");
      note->message.severity = Severity::note;
      note->message.id = needs_libvirt;
      note->about = what;
    }
    if (note) found_.push_back(*std::move(note));
  }

  /// The first libvirt that carries it there: what is passt's, not before passt.
  Libvirt first_with(const Setting& setting) const {
    const Key* key = find_key(setting.key);
    const bool passt = key != nullptr && is_of_passt(*key) && is_passt(interface_);
    return std::max(since(setting, interface_),
                    passt ? since(*interface_.find("backend.type"), interface_) : Libvirt{0});
  }

  /// `passt`, `vlan on type bridge`, `driver.name = vfio`.
  std::string what_needs(const Setting& setting, Libvirt first) const {
    const Setting* backend = interface_.find("backend.type");
    const Key* key = find_key(setting.key);
    const bool passt =
        key != nullptr && is_of_passt(*key) && is_passt(interface_) && first_with(*backend) == first;
    const Setting& by = passt ? *backend : setting;
    std::string what = passt ? "passt" : std::string(isolating_word(setting.key));
    if (!passt && since({by.key, {}}, interface_) != first) what += " = " + by.value;
    if (since(by, {}) != first) what += " on type " + std::string(type_);
    return what;
  }

  void native_vlan(const std::vector<std::string_view>& tags) {
    const std::string_view native = get("vlan.native");
    const std::string_view id = native.substr(std::min(native.find(':') + 1, native.size()));
    if (native.empty() || !has("vlan.tag") || !to_number(id)) return;
    if (std::ranges::find(tags, id) != tags.end()) return;
    fault("native-in-vlan", "vlan.native", "the native VLAN " + std::string(id) + " is not in vlan.tag",
          "add it to vlan.tag", get("vlan.tag"));
  }

  void virtualport() {
    const std::string_view stated = get("virtualport.type");
    if (type_ == "bridge" && stated == "openvswitch") {
      fault("ovs-is-a-type", "virtualport.type", "virtualport.type 'openvswitch' on type bridge",
            "write type = ovs");
    } else if (!stated.empty() && !is_among(stated, row_->ports)) {
      fault("port-on-type", "virtualport.type",
            "virtualport.type '" + std::string(stated) + "' cannot be used on type " + std::string(type_), {},
            type_);
    }
    const std::string_view port = port_of(interface_);
    if (port == "openvswitch" && get("port.isolated") == "yes" && type_ == "network") {
      fault("isolated-on-ovs", "port.isolated",
            "port.isolated with a virtual port of type openvswitch, which libvirt refuses",
            "leave one of them out");
    }
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key != nullptr && !key->ports.empty()) port_parameter(setting, *key, port);
    }
    // A network may give what its interfaces do not state.
    if (port.empty() || (type_ == "network" && port != "midonet")) return;
    for (const std::string_view key : needed_by(port)) {
      if (has(key)) continue;
      fault("port-needs-parameter", "virtualport.type",
            "virtualport.type '" + std::string(port) + "' without " + std::string(key), "add it", key);
    }
  }

  void port_parameter(const Setting& setting, const Key& key, std::string_view port) {
    if (port.empty() && type_ == "network") return;
    if (port.empty())
      return fault("parameter-needs-port", setting.key, setting.key + " without virtualport.type",
                   "add virtualport.type");
    if (port_takes(key, port)) return;
    fault("parameter-on-port", setting.key,
          setting.key + " cannot be used with a virtual port of type " + std::string(port), {}, port);
  }

  void bandwidth() {
    for (const std::string front : {"bandwidth.inbound.", "bandwidth.outbound."})
      for (const std::string part : {"peak", "burst"}) needs(front + part, front + "average", "");
  }

  /// `key` makes sense only beside `other`.
  void needs(std::string_view key, std::string_view other, std::string_view value) {
    if (!has(key) || (has(other) && (value.empty() || get(other) == value))) return;
    const std::string wanted = std::string(other) + (value.empty() ? "" : " = " + std::string(value));
    fault("needs-key", key, std::string(key) + " without " + wanted, "add " + wanted, wanted);
  }

  void companions() {
    needs("mac.seed", "mac", "stable");
    needs("mac.prefix", "mac", "stable");
    needs("mac.type", "mac", "");
    needs("mac.check", "mac", "");
    needs("boot.loadparm", "boot.order", "");
    needs("teaming.persistent", "teaming.type", "transient");
    if (get("teaming.type") == "transient" && !has("teaming.persistent")) {
      fault("needs-partner", "teaming.type", "teaming.type 'transient' without teaming.persistent",
            "add teaming.persistent = the alias of the persistent interface");
    }
    for (const std::string key : {"rom.bar", "rom.file"}) {
      if (has(key) && get("rom.enabled") == "no")
        fault("rom-is-off", key, key + " beside rom.enabled = no, which libvirt refuses",
              "keep one of the two");
    }
    for (const Setting& setting : interface_.settings) {
      if (setting.key.starts_with("filterref.parameter.")) needs(setting.key, "filterref.filter", "");
    }
  }

  /// The bus for which a part of an address is.
  static std::string_view bus_of(std::string_view key, std::string_view bus) {
    if (key == "address.cssid" || key == "address.ssid" || key == "address.devno") return "ccw";
    if (key == "address.port" || (key == "address.bus" && bus == "usb")) return "usb";
    return key == "address.reg" ? "spapr-vio" : "pci";
  }

  void address() {
    const std::string_view bus = get("address.type");
    for (const Setting& setting : interface_.settings)
      if (setting.key.starts_with("address.") && setting.key != "address.type")
        needs(setting.key, "address.type", bus_of(setting.key, bus));
    if (bus == "usb" && !has("address.bus"))
      fault("usb-needs-bus", "address.type", "a usb address without a bus", "add address.bus");
    if (bus == "pci" && has("address.function") && !has("address.domain") && !has("address.bus") &&
        !has("address.slot")) {
      fault("function-needs-slot", "address.function",
            "address.function without address.slot, which libvirt would drop", "add address.slot");
    }
    if (bus == "ccw" && !(has("address.cssid") && has("address.ssid") && has("address.devno"))) {
      fault("ccw-needs-parts", "address.type", "a ccw address without its three parts",
            "add address.cssid, address.ssid and address.devno");
    }
    if (domain_ != nullptr && !domain_->arch.empty()) {
      address_on(domain_->arch);
      if (is_s390(domain_->arch) && bus != "pci" && type_ != "hostdev") on_ccw();
      if (!is_s390(domain_->arch) && has("boot.loadparm"))
        fault("loadparm-on-arch", "boot.loadparm", "boot.loadparm in a domain of arch " + domain_->arch,
              "it is for s390x");
    }
  }

  /// What a ccw device has not: libvirt refuses ROM and ACPI settings there, QEMU the PCI options at the
  /// start.
  void on_ccw() {
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key == nullptr || key->where != Where::not_ccw) continue;
      fault("key-on-ccw", setting.key, setting.key + " on a ccw device, which cannot have it",
            "leave it out, or give the interface a pci address with address.zpci.uid");
    }
  }

  void address_on(const std::string& arch) {
    const std::string_view bus = get("address.type");
    const bool zpci = has("address.zpci.uid") || has("address.zpci.fid");
    if (is_s390(arch) && bus == "pci" && !zpci && type_ != "hostdev") {
      fault("pci-on-s390", "address.type", "a pci address in a domain of arch " + arch,
            "use address.type = ccw, or state address.zpci.uid");
    }
    if (!is_s390(arch) && bus == "ccw") {
      fault("ccw-on-arch", "address.type", "a ccw address in a domain of arch " + arch,
            or_say_arch("use address.type = pci"));
    }
    if (!is_s390(arch) && zpci) {
      fault("zpci-on-arch", has("address.zpci.uid") ? "address.zpci.uid" : "address.zpci.fid",
            "address.zpci in a domain of arch " + arch, or_say_arch("it is for s390x"));
    }
  }

  /// Where the document does not say the arch, this host's may not be the one that is meant.
  std::string or_say_arch(const std::string& hint) const {
    return hint + (domain_->assumed ? "; the document names no arch: say --arch if it has another" : "");
  }

  void model() {
    const std::string model = model_name();
    if (!model.empty() && std::ranges::find(known_models, model) == known_models.end()) {
      fault("model-not-known", "model", "model '" + model + "' is not known here; it is written as it stands",
            did_you_mean(model, known_models));
      last().severity = Severity::warning;
    }
    if (domain_ != nullptr && is_s390(domain_->arch) && type_ == "hostdev" && is_virtio(model) &&
        get("address.type") != "pci")
      fault("virtio-on-hostdev", "model",
            "model '" + model + "' on type hostdev in a domain of arch " + domain_->arch,
            "leave it out: libvirt would give a PCI function a ccw address");
    if (domain_ != nullptr && is_s390(domain_->arch) && !model.empty() && model != "virtio" &&
        model != "libvirt" && type_ != "hostdev") {
      fault("model-on-s390", "model", "model '" + model + "' in a domain of arch " + domain_->arch,
            "an s390x guest has virtio only");
    }
    for (const Setting& setting : interface_.settings) {
      const Key* key = find_key(setting.key);
      if (key != nullptr && needs_virtio(*key, type_) && !may_be_virtio()) {
        fault("needs-virtio", setting.key,
              setting.key + " on " + model_words() + ", which libvirt would drop", "it needs model = virtio",
              get("model"));
      }
    }
  }

  /// As libvirt spells it: a document may spell it otherwise.
  std::string model_name() const { return normalised("model", get("model")); }

  /// Whether the model is virtio, or will be: before it has its domain's defaults an interface may leave it
  /// out.
  bool may_be_virtio() const {
    const std::string_view model = get("model");
    return model.empty() ? domain_ == nullptr : is_virtio(model);
  }

  std::string model_words() const {
    const std::string_view model = get("model");
    if (model.empty() || model == "libvirt") return "a model of libvirt's choice";
    return "model '" + std::string(model) + "'";
  }

  const Interface& interface_;
  const DomainTraits* domain_;
  std::string_view type_;
  const Type* row_;
  std::vector<Finding> found_{};
};

std::vector<Message> messages_of(std::vector<Finding> findings) {
  std::vector<Message> out;
  out.reserve(findings.size());
  for (Finding& finding : findings) out.push_back(std::move(finding.message));
  return out;
}

}  // namespace

std::vector<Message> check(const Interface& interface, const DomainTraits* domain) {
  return messages_of(Checker(interface, domain).check());
}

std::vector<Message> check_change(const Interface& before, const Interface& after,
                                  const DomainTraits* domain) {
  std::vector<Finding> findings = Checker(after, domain).check();
  for (const Finding& old : Checker(before, domain).check())
    std::erase_if(findings, [&](const Finding& finding) { return finding.is(old); });
  return messages_of(std::move(findings));
}

bool is_pair(const Interface& a, const Interface& b) {
  const auto belongs = [](const Interface& transient, const Interface& persistent) {
    const std::string_view alias = persistent.get("alias.name");
    return transient.get("teaming.type") == "transient" && persistent.get("teaming.type") == "persistent" &&
           !alias.empty() && transient.get("teaming.persistent") == alias;
  };
  return belongs(a, b) || belongs(b, a);
}

}  // namespace virt_iface
