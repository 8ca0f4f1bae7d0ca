// SPDX-License-Identifier: LGPL-2.1-or-later
#include "target/convert.hpp"

#include <set>

#include "edit/apply.hpp"
#include "edit/device_name.hpp"
#include "edit/render.hpp"
#include "skeletons.hpp"
#include "spec/builder.hpp"
#include "table/device_pattern.hpp"
#include "xml/scan.hpp"
#include "xml/style.hpp"

namespace virt_iface {
namespace {

std::string_view skeleton_of(const std::string& arch) {
  if (arch == "x86_64") return skeletons::domain_x86_64;
  if (arch == "s390x") return skeletons::domain_s390x;
  if (arch == "ppc64le") return skeletons::domain_ppc64le;
  throw Error(Exit::invalid, "there is no domain template for the architecture '" + arch + "'",
              "use --arch x86_64, s390x or ppc64le, or apply to a domain of yours");
}

Message stable_needs_a_domain(const Interface& interface, const std::string& hint) {
  return {Severity::error, interface.find("mac")->place, "mac = stable needs a domain to be computed from",
          hint};
}

bool is_stable(const Interface& interface) {
  return interface.get("mac") == "stable";
}

/// A name of a device that is made of that of the domain, likewise.
Message pattern_needs_a_domain(const Interface& interface, const std::string& hint) {
  return {Severity::error, interface.find("target.dev")->place,
          "target.dev = " + std::string(interface.get("target.dev")) + " needs a domain to be made of", hint};
}

/// Such a domain has no UUID; and where it has no name of its own, each would get the same MAC.
void require_a_seed(const Spec& spec, const std::string& arch, const std::string& name) {
  std::vector<Message> faults;
  for (const Interface& interface : wanted(spec, arch, true)) {
    std::string_view const seed = interface.get("mac.seed");
    if (is_stable(interface) && (seed == "uuid" || (name.empty() && (seed.empty() || seed == "name"))))
      faults.push_back(stable_needs_a_domain(interface,
                                             "give the domain a name with --name, set mac.seed to a text of "
                                             "this guest's own, or leave mac out"));
    if (name.empty() && has_domain_name(interface.get("target.dev")))
      faults.push_back(pattern_needs_a_domain(interface, "give the domain a name with --name"));
  }
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
}

/// The skeleton with that name in the place of its own.
std::string named(std::string_view skeleton, const std::string& name) {
  if (name.find_first_of("/\n") != name.npos)
    throw Error(Exit::invalid, "'" + name + "' cannot be the name of a domain", "use --name");
  std::string text(skeleton);
  constexpr std::string_view own = "<name>guest</name>";
  if (!name.empty()) text.replace(text.find(own), own.size(), "<name>" + escaped(name) + "</name>");
  return text;
}

/// What is said of a setting that only a newer libvirt carries, once.
void keep_needs(std::vector<Message>& messages) {
  std::set<std::string> said;
  std::erase_if(messages, [&](const Message& message) {
    return message.id != needs_libvirt || !said.insert(message.text).second;
  });
}

/// What such a domain would get, checked and complete.
struct Complete {
  std::vector<Interface> interfaces{};
  std::vector<Message> notes{};
};

Complete complete(const Spec& spec, const DomainTraits& traits) {
  Complete out;
  std::vector<Message> faults;
  for (const Interface& interface : wanted(spec, traits.arch, true)) {
    out.interfaces.push_back(with_defaults(interface, traits));
    for (Message& message : check(out.interfaces.back(), &traits))
      (message.severity == Severity::error ? faults : out.notes).push_back(std::move(message));
    if (is_stable(interface))
      faults.push_back(stable_needs_a_domain(interface, "apply it to a domain, or leave mac out"));
    if (names_by_pattern(interface))
      faults.push_back(pattern_needs_a_domain(interface, "apply it to a domain, or leave target.dev out"));
  }
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
  keep_needs(out.notes);
  return out;
}

}  // namespace

Converted interface_elements(const Spec& spec, const std::string& arch, Libvirt libvirt) {
  DomainTraits traits = traits_of(Domain{.type = "kvm"}, arch, libvirt);
  traits.shares_memory = true;  // nothing is known of the domain that they are for
  Style const style{.eol = "\n", .step = "  "};
  Renderer renderer;
  Complete all = complete(spec, traits);
  Converted out{.notes = std::move(all.notes)};
  for (const Interface& interface : all.interfaces)
    out.text += serialise(renderer.render(interface), style) + '\n';
  return out;
}

Converted domain_with(const Spec& spec, const std::string& arch, const std::string& name, Libvirt libvirt) {
  DomainTraits const traits = traits_of(Domain{.type = "kvm"}, arch);
  require_a_seed(spec, traits.arch, name);
  std::string const file = "domain-" + traits.arch + ".xml";
  Document const document = Scanner().scan(named(skeleton_of(traits.arch), name), file);
  Applier applier({.spec = spec, .policy = Policy::append, .implied_network = true, .libvirt = libvirt});
  Plan plan = applier.plan(document);
  keep_needs(plan.warnings);
  return {splice(document, std::move(plan.edits)).bytes, std::move(plan.warnings)};
}

}  // namespace virt_iface
