// SPDX-License-Identifier: LGPL-2.1-or-later
#include <algorithm>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "spec/values.hpp"
#include "template/conf_edit.hpp"
#include "template/template_conf.hpp"
#include "template/template_edit.hpp"

namespace virt_iface {

namespace {

class ConfEditor : public TemplateEditor {
 public:
  ConfEditor(const TemplateFile& from, const Spec& spec)
      : conf_(parse_conf(from.text, from.file)), spec_(spec), networks_(network_names(spec)) {}

  bool has_networks_list() const override { return main_section() < conf_.sections.size(); }

  std::string set_networks(const std::vector<std::string>& names) const override {
    return with_list(conf_, main_section(), "networks", names);
  }

  std::string append(const Interface& interface) const override { return with_interface(conf_, interface); }

  std::string remove(std::size_t position) const override {
    if (position < networks_.size()) return set_networks(networks_without(position));
    const Owner owner = owner_of(position);
    if (owner.names.size() == 1) return without_section(conf_, owner.section);
    std::vector<std::string> names = owner.names;
    names.erase(names.begin() + std::ptrdiff_t(owner.ordinal));
    return with_list(conf_, owner.section, "source", names);
  }

  std::optional<std::string> change(std::size_t position, const Interface& after) const override {
    if (position < networks_.size()) return change_network(position, after);
    const Owner owner = owner_of(position);
    if (owner.names.size() > 1) return std::nullopt;
    const Interface& before = spec_.interfaces.at(position - networks_.size());
    Conf conf = conf_;
    const auto set = [&](std::string text) { conf = parse_conf(std::move(text), conf.file); };
    for (const Setting& setting : before.settings) {
      if (after.find(setting.key) != nullptr) continue;
      const bool not_applicable = setting.key == "mode" && form_of(conf_) == Form::proposal1;
      set(not_applicable ? with_key(conf, owner.section, "mode", "NA")
                         : without_key(conf, owner.section, setting.key));
    }
    for (const Setting& setting : after.settings) {
      if (before.get(setting.key) == setting.value) continue;
      set(with_key(conf, owner.section, setting.key, written_value(setting)));
    }
    return conf.text;
  }

 private:
  /// The section that an interface comes from, and its place in that section's list of names.
  struct Owner {
    std::size_t section = 0;
    std::size_t ordinal = 0;
    std::vector<std::string> names{};
  };

  Owner owner_of(std::size_t position) const {
    const auto& all = spec_.interfaces;
    const std::size_t index = position - networks_.size();
    const std::size_t line = all.at(index).place.line;
    Owner out;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].place.line != line) continue;
      if (i < index) ++out.ordinal;
      out.names.emplace_back(all[i].get("source"));
    }
    while (conf_.place(conf_.sections.at(out.section).begin).line != line) ++out.section;
    return out;
  }

  std::size_t main_section() const {
    const auto main = std::ranges::find(conf_.sections, "main", &Section::name);
    return static_cast<std::size_t>(main - conf_.sections.begin());
  }

  std::vector<std::string> networks_without(std::size_t position) const {
    std::vector<std::string> names = networks_;
    names.erase(names.begin() + std::ptrdiff_t(position));
    return names;
  }

  std::optional<std::string> change_network(std::size_t position, const Interface& after) const {
    if (!is_only_a_network(after)) return std::nullopt;
    std::vector<std::string> names = networks_;
    names.at(position) = after.get("source");
    return set_networks(names);
  }

  Conf conf_;
  const Spec& spec_;
  std::vector<std::string> networks_;
};

}  // namespace

std::unique_ptr<TemplateEditor> edit_conf(const TemplateFile& from, const Spec& spec) {
  return std::make_unique<ConfEditor>(from, spec);
}

}  // namespace virt_iface
