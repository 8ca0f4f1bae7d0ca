// SPDX-License-Identifier: LGPL-2.1-or-later
#include "edit/convert.hpp"

#include "edit/apply.hpp"
#include "edit/render.hpp"
#include "skeletons.hpp"
#include "spec/builder.hpp"
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

/// Such a domain has no UUID; and where it has no name of its own, each would get the same MAC.
void require_a_seed(const Spec& spec, const std::string& arch, const std::string& name) {
  std::vector<Message> faults;
  for (const Interface& interface : wanted(spec, arch, true)) {
    std::string_view const seed = interface.get("mac.seed");
    if (interface.get("mac") == "stable" &&
        (seed == "uuid" || (name.empty() && (seed.empty() || seed == "name"))))
      faults.push_back(stable_needs_a_domain(interface,
                                             "give the domain a name with --name, set mac.seed to a text of "
                                             "this guest's own, or leave mac out"));
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

/// What such a domain would get, checked and complete.
std::vector<Interface> complete(const Spec& spec, const DomainTraits& traits) {
  std::vector<Interface> out;
  std::vector<Message> faults;
  for (const Interface& interface : wanted(spec, traits.arch, true)) {
    out.push_back(with_defaults(interface, traits));
    for (Message& message : check(out.back(), &traits))
      if (message.severity == Severity::error) faults.push_back(std::move(message));
    if (interface.get("mac") == "stable")
      faults.push_back(stable_needs_a_domain(interface, "apply it to a domain, or leave mac out"));
  }
  if (!faults.empty()) throw Error(Exit::invalid, std::move(faults));
  return out;
}

}  // namespace

std::string interface_elements(const Spec& spec, const std::string& arch) {
  DomainTraits traits = traits_of(Domain{.type = "kvm"}, arch);
  traits.shares_memory = true;  // nothing is known of the domain that they are for
  Style const style{.eol = "\n", .step = "  "};
  Renderer renderer;
  std::string out;
  for (const Interface& interface : complete(spec, traits))
    out += serialise(renderer.render(interface), style) + '\n';
  return out;
}

std::string domain_with(const Spec& spec, const std::string& arch, const std::string& name) {
  DomainTraits const traits = traits_of(Domain{.type = "kvm"}, arch);
  require_a_seed(spec, traits.arch, name);
  std::string const file = "domain-" + traits.arch + ".xml";
  Document const document = Scanner().scan(named(skeleton_of(traits.arch), name), file);
  Applier applier({.spec = spec, .policy = Policy::append, .implied_network = true});
  return splice(document, applier.plan(document).edits).bytes;
}

}  // namespace virt_iface
