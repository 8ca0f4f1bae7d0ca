// SPDX-License-Identifier: LGPL-2.1-or-later
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/splice.hpp"
#include "template/template_file.hpp"

namespace virt_iface {

/// What the interface at a position (from 0, in the order of wanted()) becomes; nothing: it goes.
struct Update {
  std::size_t position = 0;
  std::optional<Interface> after{};
};

/// EditList, and the interfaces that have no entry any more, since it is others' too or cannot carry them.
struct Rewritten {
  EditList edits{};
  std::vector<Interface> taken_out{};
};

/// Changes to a template's text in its own syntax: each returns edits of the text as it was read.
class TemplateEditor {
 public:
  virtual ~TemplateEditor() = default;

  /// Whether there is a place for a list of `networks`: proposal 2.
  virtual bool has_networks_list() const = 0;
  /// Behind those of `networks`, which is made where it is missing.
  virtual EditList add_networks(const std::vector<std::string>& names) const = 0;
  virtual EditList append(std::span<const Interface> interfaces) const = 0;
  /// `updates` ascend.
  virtual Rewritten rewrite(std::span<const Update> updates) const = 0;
};

/// The editor of that template's syntax. `spec` is what it says.
std::unique_ptr<TemplateEditor> edit_conf(const TemplateFile& from, const Spec& spec);
std::unique_ptr<TemplateEditor> edit_json(const TemplateFile& from, const Spec& spec);

/// The names of the items of `networks`.
std::vector<std::string> network_names(const Spec& spec);

/// What several interfaces share: a section, an object, a list of names on one line.
struct TemplateEntry {
  Place place{};
  std::size_t first = 0;  ///< the position of its first
  std::vector<std::string> names{};
  std::vector<Update> updates{};  ///< with positions from 0 in this entry
  bool is_network = false;        ///< of `networks`
};

/// The entries that updates concern.
std::vector<TemplateEntry> entries_of(const Spec& spec, std::span<const Update> updates);

/// The names that no update is about.
std::vector<std::string> other_names(const TemplateEntry& entry);

/// The interfaces of updates that stay somewhere.
std::vector<Interface> interfaces_of(std::span<const Update> updates);

}  // namespace virt_iface
