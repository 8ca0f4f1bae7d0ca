// SPDX-License-Identifier: LGPL-2.1-or-later
#include "xml/domain_builder.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace virt_iface {
namespace {

/// Devices that libvirt writes before interfaces (virDomainDefFormatInternal, 9.0.0).
constexpr std::array<std::string_view, 5> devices_before{"emulator", "disk", "controller", "lease",
                                                         "filesystem"};
/// What libvirt reads several of, side by side; of anything else in an interface it reads the first.
constexpr std::array<std::string_view, 6> read_as_lists{"ip",  "route",     "portForward",
                                                        "tag", "parameter", "range"};
/// Children of a domain that libvirt writes behind devices.
constexpr std::array<std::string_view, 4> domain_after{"seclabel", "keywrap", "launchSecurity", "sev"};

struct KnownRoot {
  std::string_view name;
  Root root;
};
/// Elements in each other, of which an interface is one. No key lies deeper, and whoever walks through the
/// tree needs a stack for it; what lies beyond is bytes. Only a document that is read without limits gets
/// there.
constexpr std::size_t deepest = 256;

constexpr std::array<KnownRoot, 5> known_roots{{{"domain", Root::domain},
                                                {"domainsnapshot", Root::snapshot},
                                                {"domaincheckpoint", Root::checkpoint},
                                                {"domstatus", Root::status},
                                                {"interface", Root::interface}}};

template <class List>
bool among(const List& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

}  // namespace

void DomainBuilder::start(const StartTag& tag) {
  ++depth_;
  if (!open_.empty()) return start_interface_part(tag);
  if (depth_ == 1) return start_root(tag);
  if (domain_depth_ == 0) {
    if (depth_ != 2 || !known_root() || !tag.plain()) return;
    if (tag.name() == "domain" && domain_.element.end == 0) start_domain(tag, domain_);
    if (tag.name() == "inactiveDomain" && !inactive_) start_domain(tag, inactive_.emplace());
    return;
  }
  std::size_t const level = depth_ - domain_depth_;
  if (level == 1) start_domain_child(tag);
  if (level == 2 && part_ == Part::devices) start_device(tag);
  if ((level == 2 && part_ == Part::memory) || (level == 3 && part_ == Part::cpu)) start_memory_part(tag);
  if ((level == 2 && part_ == Part::os) || (level == 3 && part_ == Part::devices)) start_part(tag);
}

Message DomainBuilder::unknown_root() const {
  constexpr std::array<std::string_view, 15> others{"interface",
                                                    "network",
                                                    "networkport",
                                                    "pool",
                                                    "volume",
                                                    "secret",
                                                    "filter",
                                                    "filterbinding",
                                                    "sources",
                                                    "capabilities",
                                                    "domainCapabilities",
                                                    "device",
                                                    "sysinfo",
                                                    "cpu",
                                                    "domainbackup"};
  bool const other = among(others, root_name_);
  bool const ours =
      !host_interface_ && std::ranges::find(known_roots, root_name_, &KnownRoot::name) != known_roots.end();
  return {.text = "the root element is " + (host_interface_ ? "a host's " : std::string()) + "<" +
                  root_name_ + ">, not a " + (host_interface_ ? "guest's" : "domain"),
          .hint = ours ? "the root is in a namespace that libvirt does not read"
                       : "virt-iface works on <domain>, <domainsnapshot>, <domaincheckpoint> and <interface>",
          .id = other ? "other-root" : ""};
}

void DomainBuilder::start_root(const StartTag& tag) {
  root_name_ = std::string(tag.name());
  root_begin_ = tag.begin();
  if (!tag.plain()) return;
  auto const* known = std::find_if(known_roots.begin(), known_roots.end(),
                                   [&](const KnownRoot& k) { return k.name == tag.name(); });
  if (known == known_roots.end()) return;
  host_interface_ = known->root == Root::interface && !tag.value("name").empty();
  if (host_interface_) return;
  root_ = known->root;
  if (root_ == Root::domain) start_domain(tag, domain_);
  if (root_ == Root::interface) {
    now_ = &domain_;
    start_interface(tag);
  }
}

void DomainBuilder::start_domain(const StartTag& tag, Domain& domain) {
  domain_depth_ = depth_;
  now_ = &domain;
  memory_ = {};
  domain.element = tag.element();
  domain.type = domain.element.at("@type");
}

/// libvirt finds the children of `<interface>` by XPath: those in no namespace, and the first of a name. Some
/// of what lies deeper, and most attributes, it takes by the name alone.
void DomainBuilder::start_interface_part(const StartTag& tag) {
  if (unread_ == 0 && open_.size() < deepest && is_read(tag)) {
    open_.push_back(tag.element());
    doubt_attributes(tag);
  } else {
    ++unread_;
  }
}

bool DomainBuilder::is_read(const StartTag& tag) {
  const Element& parent = open_.back();
  std::string const name(tag.name());
  if (!tag.own() && !parent.foreign) {
    doubt(tag.begin(), "<" + name + "> comes out of an entity, where libvirt does not read it", expand_hint);
    return false;
  }
  if (!tag.plain() && open_.size() == 1) return false;
  if (!tag.plain())
    doubt(tag.begin(), "<" + name + "> is in another namespace here: libvirt may read it all the same",
          "remove it; what is not libvirt's belongs in <metadata>");
  if (among(read_as_lists, name) || !parent.child(name)) return true;
  doubt(tag.begin(), "a second <" + name + "> in one <" + parent.name + ">: libvirt reads the first",
        "remove the one that is not meant");
  return false;
}

void DomainBuilder::start_interface(const StartTag& tag) {
  open_.push_back(tag.element());
  doubt_attributes(tag);
}

void DomainBuilder::doubt_attributes(const StartTag& tag) {
  if (tag.plain_attributes()) return;
  doubt(tag.begin(),
        "<" + std::string(tag.name()) +
            "> has an attribute in a namespace: libvirt may read it by its name alone",
        "remove it; what is not libvirt's belongs in <metadata>");
}

void DomainBuilder::doubt(std::size_t place, std::string text, std::string hint) {
  if (open_.front().doubts.empty()) open_.front().doubts.push_back({place, std::move(text), std::move(hint)});
}

void DomainBuilder::expect_text(std::string& target) {
  if (!target.empty()) return;
  text_ = &target;
  text_depth_ = depth_;
}

void DomainBuilder::start_domain_child(const StartTag& tag) {
  part_ = Part::other;
  child_name_ = tag.plain() ? tag.name() : std::string_view();
  child_begin_ = tag.begin();
  if (child_name_ == "name") expect_text(now_->name);
  if (child_name_ == "uuid") expect_text(now_->uuid);
  if (child_name_ == "os") part_ = Part::os;
  if (child_name_ == "memoryBacking") part_ = Part::memory;
  if (child_name_ == "cpu") part_ = Part::cpu;
  if (child_name_ != "devices") return;
  if (!tag.own()) {
    now_->foreign_devices = tag.begin();
  } else if (!now_->devices) {
    now_->devices = tag.element();
  }
  part_ = Part::devices;
}

void DomainBuilder::start_device(const StartTag& tag) {
  if (tag.plain() && tag.name() == "interface") {
    if (!tag.own()) now_->foreign_devices = now_->foreign_devices.value_or(tag.begin());
    start_interface(tag);
    return;
  }
  device_begin_ = tag.begin();
  device_name_ = tag.plain() ? tag.name() : std::string_view();
}

/// What qemuValidateDomainDefVhostUserRequireSharedMemory (11.3) looks at.
void DomainBuilder::start_memory_part(const StartTag& tag) {
  if (!tag.plain()) return;
  if (part_ == Part::memory && tag.name() == "access") memory_.shared = tag.value("mode") == "shared";
  if (part_ != Part::cpu || tag.name() != "cell") return;
  const std::string access = tag.value("memAccess");
  memory_.cells = true;
  if (access.empty()) memory_.unstated = true;
  if (access == "private") memory_.own = true;
}

void DomainBuilder::start_part(const StartTag& tag) {
  if (!tag.plain()) return;
  if (part_ == Part::os) {
    if (tag.name() == "boot") now_->os_boot = true;
    if (tag.name() == "type") now_->arch = tag.value("arch");
    return;
  }
  if (tag.name() == "boot") now_->boot_orders.push_back(tag.value("order"));
  if (tag.name() == "acpi") now_->acpi_indexes.push_back(tag.value("index"));
  if (tag.name() != "alias") return;
  if (std::string name = tag.value("name"); name.starts_with("ua-")) now_->aliases.push_back(std::move(name));
}

bool DomainBuilder::wants_end() const {
  return !open_.empty() || depth_ == 1 || (domain_depth_ != 0 && depth_ <= domain_depth_ + 2);
}

void DomainBuilder::end(const EndTag& tag) {
  if (text_depth_ == depth_) text_ = nullptr;
  if (unread_ != 0) {
    --unread_;
  } else if (!open_.empty()) {
    end_interface_part(tag);
  } else if (domain_depth_ != 0) {
    if (depth_ == domain_depth_ + 2 && part_ == Part::devices) end_device(tag);
    if (depth_ == domain_depth_ + 1) end_domain_child(tag);
    if (depth_ == domain_depth_) {
      now_->shares_memory =
          memory_.cells ? !memory_.own && (!memory_.unstated || memory_.shared) : memory_.shared;
      now_->element.content_end = tag.content_end;
      now_->element.end = tag.end;
      domain_depth_ = 0;
    }
  }
  --depth_;
}

void DomainBuilder::end_interface_part(const EndTag& tag) {
  Element done = std::move(open_.back());
  open_.pop_back();
  done.end = tag.end;
  done.content_end = tag.end == done.tag_end ? tag.end : tag.content_end;
  done.foreign = done.foreign || !tag.own;
  if (open_.empty()) {
    now_->interfaces.push_back(std::move(done));
    return;
  }
  open_.back().foreign = open_.back().foreign || done.foreign;
  open_.back().children.push_back(std::move(done));
}

void DomainBuilder::end_device(const EndTag& tag) {
  if (tag.own && among(devices_before, device_name_)) now_->interface_anchor = Span{device_begin_, tag.end};
}

void DomainBuilder::end_domain_child(const EndTag& tag) {
  if (part_ == Part::devices && now_->devices && now_->devices->end == 0) {
    Element& devices = *now_->devices;
    devices.end = tag.end;
    devices.content_end = tag.end == devices.tag_end ? tag.end : tag.content_end;
  } else if (tag.own && !child_name_.empty() && !among(domain_after, child_name_)) {
    now_->devices_anchor = Span{child_begin_, tag.end};
  }
  part_ = Part::other;
}

}  // namespace virt_iface
