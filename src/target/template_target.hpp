// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include "base/replace.hpp"
#include "target/arguments.hpp"
#include "template/template_file.hpp"
#include "view/select.hpp"

namespace virt_iface {

/// A template, and the hold on its file where that is to be replaced.
struct HeldTemplate {
  TemplateFile from{};
  HeldFile held{};
};

/// The file of --template; `-` is stdin. Throws Error.
HeldTemplate hold_template(const Arguments& arguments, bool to_replace);

/// The interfaces that a template names, without the one that it implies. Throws Error (invalid).
std::vector<Interface> interfaces_in(const TemplateFile& from);

/// For select(): with the defaults that a KVM domain of that arch (empty: this host's) gives them, as list
/// shows them.
Candidates candidates_in(const TemplateFile& from, const std::string& arch);

}  // namespace virt_iface
