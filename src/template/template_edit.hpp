// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "conf/conf.hpp"
#include "template/json_text.hpp"
#include "template/template_file.hpp"

namespace virt_iface {

/// One change to a template's text in its own syntax; each answers the new text. Positions count from 0 in
/// the order of wanted().
class TemplateEditor {
 public:
  virtual ~TemplateEditor() = default;

  /// The list of `networks`; makes it where it is missing.
  virtual std::string set_networks(const std::vector<std::string>& names) const = 0;
  /// Whether there is a place for such a list: proposal 2.
  virtual bool has_networks_list() const = 0;
  virtual std::string append(const Interface& interface) const = 0;
  virtual std::string remove(std::size_t position) const = 0;
  /// nullopt: the interface shares its entry with others, or is an item of `networks` that cannot carry it.
  virtual std::optional<std::string> change(std::size_t position, const Interface& after) const = 0;
};

/// The editor of that template's syntax. `spec` is what it says.
std::unique_ptr<TemplateEditor> edit_conf(const TemplateFile& from, const Spec& spec);
std::unique_ptr<TemplateEditor> edit_json(const TemplateFile& from, const Spec& spec);

/// The names of the items of `networks`.
std::vector<std::string> network_names(const Spec& spec);

}  // namespace virt_iface
