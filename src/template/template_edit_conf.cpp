// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "table/values.hpp"
#include "template/conf_edit.hpp"
#include "template/template_conf.hpp"
#include "template/template_edit.hpp"

namespace virt_iface {

namespace {

class ConfEditor : public TemplateEditor {
 public:
  ConfEditor(const TemplateFile& from, const Spec& spec)
      : conf_(parse_conf(from.text, from.file)),
        spec_(spec),
        networks_(network_names(spec).size()),
        main_(std::ranges::find(conf_.sections, "main", &Section::name)) {}

  bool has_networks_list() const override { return main_ != conf_.sections.end(); }

  EditList add_networks(const std::vector<std::string>& names) const override {
    std::vector<std::string> all = network_names(spec_);
    all.insert(all.end(), names.begin(), names.end());
    return set_names(*main_, "networks", all);
  }

  EditList append(std::span<const Interface> interfaces) const override {
    return add_interfaces(conf_, interfaces);
  }

  Rewritten rewrite(std::span<const Update> updates) const override {
    Rewritten out;
    std::vector<const Section*> removed;
    for (const TemplateEntry& entry : entries_of(spec_, updates)) {
      if (entry.is_network) {
        add(out, rewrite_networks(entry));
        continue;
      }
      const Section& section = section_of(entry);
      if (entry.updates.size() < entry.names.size()) {
        add(out, {set_names(section, "source", other_names(entry)), interfaces_of(entry.updates)});
      } else if (entry.updates.front().after) {
        // All of a list: the first keeps the section.
        out.edits = joined(std::move(out.edits), change(section, entry));
        add(out, {{}, interfaces_of(std::span(entry.updates).subspan(1))});
      } else {
        removed.push_back(&section);
      }
    }
    std::ranges::sort(removed, {}, &Section::begin);
    out.edits = joined(std::move(out.edits), remove_sections(conf_, removed));
    return out;
  }

 private:
  static EditList joined(EditList edits, EditList more) {
    std::ranges::move(more, std::back_inserter(edits));
    return edits;
  }

  static void add(Rewritten& to, Rewritten more) {
    to.edits = joined(std::move(to.edits), std::move(more.edits));
    std::ranges::move(more.taken_out, std::back_inserter(to.taken_out));
  }

  EditList set_names(const Section& section, const std::string& key,
                     const std::vector<std::string>& names) const {
    return change_keys(conf_, section, {.set = {{key, list_value(conf_, section, key, names)}}});
  }

  const Section& section_of(const TemplateEntry& entry) const {
    const auto at =
        std::ranges::lower_bound(conf_.sections, entry.place.line, {},
                                 [&](const Section& section) { return conf_.place(section.begin).line; });
    return *at;
  }

  /// Those that are still only a network are renamed, the others taken out.
  Rewritten rewrite_networks(const TemplateEntry& entry) const {
    TemplateEntry gone{.names = entry.names};
    for (const Update& update : entry.updates) {
      if (update.after && is_only_a_network(*update.after)) {
        gone.names.at(update.position) = update.after->get("source");
      } else {
        gone.updates.push_back(update);
      }
    }
    return {set_names(*main_, "networks", other_names(gone)), interfaces_of(gone.updates)};
  }

  /// A section's only interface, or the first one of its list where that is all that stays.
  EditList change(const Section& section, const TemplateEntry& entry) const {
    const Interface& before = spec_.interfaces.at(entry.first - networks_);
    const Interface& after = *entry.updates.front().after;
    KeyChanges changes;
    for (const Setting& setting : before.settings) {
      if (after.find(setting.key) != nullptr) continue;
      const bool not_applicable = setting.key == "mode" && form_of(conf_) == Form::proposal1;
      if (not_applicable) {
        changes.set.push_back({"mode", "NA"});
      } else {
        changes.removed.push_back(setting.key);
      }
    }
    for (const Setting& setting : after.settings) {
      const bool of_list = setting.key == "source" && entry.names.size() > 1;
      if (before.get(setting.key) == setting.value && !of_list) continue;
      changes.set.push_back({setting.key, of_list ? list_value(conf_, section, "source", {setting.value})
                                                  : written_value(setting)});
    }
    return change_keys(conf_, section, changes);
  }

  Conf conf_;
  const Spec& spec_;
  std::size_t networks_;
  std::vector<Section>::const_iterator main_;
};

}  // namespace

std::unique_ptr<TemplateEditor> edit_conf(const TemplateFile& from, const Spec& spec) {
  return std::make_unique<ConfEditor>(from, spec);
}

}  // namespace virt_iface
