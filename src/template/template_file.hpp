// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "spec/changed.hpp"
#include "template/form.hpp"

namespace virt_iface {

/// A template: template.conf, or a JSON object.
struct TemplateFile {
  std::string file{};  ///< for messages
  std::string text{};

  /// JSON begins with a brace, a configuration never does.
  bool is_json() const;
};

/// Whether it is a template, and no JSON of interfaces by themselves. Throws Error (invalid) where it is no
/// JSON.
bool is_template(const TemplateFile& from);

/// What a template says. Throws Error (invalid) with every fault.
Spec read_template(const TemplateFile& from, Dialect dialect = Dialect::proposal);

/// What -c says: a template, or in JSON a list of interfaces or one of them. Throws Error (invalid) with
/// every fault.
Spec read_configuration(const TemplateFile& from, const SpecRules& rules = {});

/// The form in which it says so.
Form form_of(const TemplateFile& from);

/// What it says beside, which a template that is written anew from its Spec has not.
std::vector<OtherPart> other_parts(const TemplateFile& from);

/// A template after a change, and what to report of it.
struct TemplateChange {
  std::string text{};
  std::vector<Message> notes{};
};

/// Adds interfaces. A network that is only a name goes into `networks` where proposal 2 has that list; where
/// the network `default` was implied (never on s390x) it is written out, as it would else be lost.
TemplateChange attach_to(const TemplateFile& from, const std::vector<Interface>& added,
                         std::string_view arch);

/// Changes the interfaces at `positions` (from 0, in the order of wanted(), ascending); an empty value takes
/// a key away. One that is so already leaves every byte. What a new type cannot carry goes, with a note; what
/// isolates the guest only if `drop` names it. Those that get entries of their own keep their order.
TemplateChange update_in(const TemplateFile& from, const std::vector<std::size_t>& positions,
                         const std::vector<Setting>& settings, const Droppable& drop);

/// Takes the interfaces at `positions` away.
TemplateChange detach_from(const TemplateFile& from, const std::vector<std::size_t>& positions);

}  // namespace virt_iface
