// SPDX-License-Identifier: LGPL-2.1-or-later
#include "template/template_file.hpp"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>

#include "base/text.hpp"
#include "spec/builder.hpp"
#include "template/json_request.hpp"
#include "template/template_conf.hpp"
#include "template/template_edit.hpp"
#include "template/template_json.hpp"

namespace virt_iface {

namespace {

std::unique_ptr<TemplateEditor> editor_of(const TemplateFile& from, const Spec& spec) {
  return from.is_json() ? edit_json(from, spec) : edit_conf(from, spec);
}

bool is_network(const Interface& interface) {
  return interface.get("type") == "network";
}

/// A template between two changes. It is read anew after each, so nothing wrong is ever written.
class Changing {
 public:
  explicit Changing(TemplateFile from) : file_(std::move(from)), spec_(read_template(file_)) {}

  const Spec& spec() const { return spec_; }
  std::unique_ptr<TemplateEditor> editor() const { return editor_of(file_, spec_); }

  void make(EditList edits) {
    if (edits.empty()) return;
    file_.text = splice(file_.text, std::move(edits)).bytes;
    spec_ = read_template(file_);
  }

  void note(Severity severity, std::string text, std::string hint = {}) {
    notes_.push_back({severity, Place{.file = file_.file}, std::move(text), std::move(hint)});
  }

  void note(std::vector<Message> more) { std::ranges::move(more, std::back_inserter(notes_)); }

  TemplateChange result() { return {std::move(file_.text), std::move(notes_)}; }

 private:
  TemplateFile file_;
  Spec spec_;
  std::vector<Message> notes_;
};

/// `interface 2 (macvtap on eth0)`.
std::string describe(std::size_t position, const Interface& interface) {
  return "interface " + std::to_string(position + 1) + " (" + std::string(interface.get("type")) + " on " +
         std::string(interface.get("source")) + ")";
}

JsonText json_of(const TemplateFile& from) {
  if (!begins_as_json(from.text))
    throw Error(Exit::invalid, place_in(from.file, from.text, 0), "this is not JSON, as its name says it is",
                "give a configuration another name than .json");
  return parse_json(from.text, from.file);
}

}  // namespace

bool TemplateFile::is_json() const {
  return begins_as_json(text) || (file.ends_with(".json") && !trim(text).starts_with('<'));
}

bool is_template(const TemplateFile& from) {
  return !from.is_json() || is_template(json_of(from));
}

Spec read_template(const TemplateFile& from, Dialect dialect) {
  if (!from.is_json()) return read_configuration(from, {.dialect = dialect});
  JsonText const json = json_of(from);
  if (is_template(json)) return read_template_json(json, dialect);
  throw Error(Exit::invalid, json.place(json.root), "this is no template but interfaces by themselves",
              "a template has them in its list interfaces");
}

Spec read_configuration(const TemplateFile& from, const SpecRules& rules) {
  if (from.is_json()) return read_json_request(json_of(from), rules.dialect);
  return read_spec(parse_conf(from.text, from.file), rules);
}

Form form_of(const TemplateFile& from) {
  return from.is_json() ? form_of(parse_json(from.text, from.file))
                        : form_of(parse_conf(from.text, from.file));
}

std::vector<OtherPart> other_parts(const TemplateFile& from) {
  return from.is_json() ? other_parts(parse_json(from.text, from.file))
                        : other_parts(parse_conf(from.text, from.file));
}

std::vector<std::string> network_names(const Spec& spec) {
  std::vector<std::string> out;
  for (const Interface& network : spec.networks.value_or(std::vector<Interface>{})) {
    out.emplace_back(network.get("source"));
  }
  return out;
}

TemplateChange attach_to(const TemplateFile& from, const std::vector<Interface>& added,
                         std::string_view arch) {
  Changing changing(from);
  const bool implied =
      wanted(changing.spec(), arch, true).size() > wanted(changing.spec(), arch, false).size();
  if (implied && std::ranges::any_of(added, is_network)) {
    changing.make(changing.editor()->add_networks({"default"}));
    changing.note(Severity::note, "the network default, implied so far, is now written out",
                  "detach it if it is not wanted");
  }
  const bool has_list = changing.editor()->has_networks_list();
  std::vector<std::string> networks;
  std::vector<Interface> others;
  for (const Interface& interface : added) {
    changing.note(check(interface, nullptr));
    if (has_list && is_only_a_network(interface)) {
      networks.emplace_back(interface.get("source"));
    } else {
      others.push_back(interface);
    }
  }
  if (!networks.empty()) changing.make(changing.editor()->add_networks(networks));
  changing.make(changing.editor()->append(others));
  return changing.result();
}

TemplateChange update_in(const TemplateFile& from, const std::vector<std::size_t>& positions,
                         const std::vector<Setting>& settings, const Droppable& drop) {
  Changing changing(from);
  const std::vector<Interface> all = wanted(changing.spec(), "", false);
  std::vector<Update> updates;
  for (const std::size_t position : positions) {
    const Interface& before = all.at(position);
    Changed changed = with_changes(before, settings, drop, describe(position, before));
    changing.note(std::move(changed.warnings));
    std::vector<Message> faults = check(changed.interface, nullptr);
    if (has_error(faults)) throw Error(Exit::invalid, std::move(faults));
    changing.note(std::move(faults));
    if (!same_settings(before, changed.interface))
      updates.push_back({position, std::move(changed.interface)});
  }
  const Rewritten rewritten = changing.editor()->rewrite(updates);
  changing.make(rewritten.edits);
  changing.make(changing.editor()->append(rewritten.taken_out));
  for (std::size_t i = 0; i < rewritten.taken_out.size(); ++i)
    changing.note(Severity::note, "the interface has an entry of its own now, behind the others");
  return changing.result();
}

TemplateChange detach_from(const TemplateFile& from, const std::vector<std::size_t>& positions) {
  Changing changing(from);
  std::vector<Update> updates;
  updates.reserve(positions.size());
  for (const std::size_t position : positions) updates.push_back({.position = position});
  changing.make(changing.editor()->rewrite(updates).edits);
  return changing.result();
}

}  // namespace virt_iface
