// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/document_editor.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "batch/diff.hpp"
#include "batch/line_diff.hpp"
#include "edit/live_view.hpp"
#include "edit/lost_isolation.hpp"
#include "edit/mac.hpp"
#include "edit/verify.hpp"
#include "table/values.hpp"

namespace virt_iface {
namespace {

/// The MACs that the changes leave, with the positions that they then have.
std::vector<HeldMac> macs_after(const Domain& domain, const std::vector<Change>& changes) {
  std::vector<HeldMac> macs;
  macs.reserve(domain.interfaces.size() + changes.size());
  std::vector<bool> removed(domain.interfaces.size() + changes.size());
  for (const Element& interface : domain.interfaces)
    macs.push_back({.mac = mac_number(interface.at("mac/@address"))});
  for (const Change& change : changes) {
    std::uint64_t const mac = mac_number(change.interface.at("mac/@address"));
    if (change.kind == Change::Kind::added) macs.push_back({.mac = mac, .made = true});
    if (change.kind == Change::Kind::added) continue;
    HeldMac& held = macs.at(change.position - 1);
    removed[change.position - 1] = change.kind == Change::Kind::removed;
    held = {.mac = removed[change.position - 1] ? 0 : mac, .made = held.made || held.mac != mac};
  }
  std::uint32_t position = 0;
  for (std::size_t i = 0; i < macs.size(); ++i) macs[i].position = removed[i] ? 0 : ++position;
  std::erase_if(macs, [](const HeldMac& held) { return held.mac == 0; });
  return macs;
}

/// The names of devices that the changes leave, likewise.
std::vector<HeldName> names_after(const Domain& domain, const std::vector<Change>& changes) {
  std::vector<HeldName> names;
  const auto name_of = [](const Element& interface) {
    std::string_view const name = interface.at("target/@dev");
    return std::string(is_automatic_target(name) ? std::string_view() : name);
  };
  std::vector<bool> removed(domain.interfaces.size() + changes.size());
  names.reserve(removed.size());
  for (const Element& interface : domain.interfaces) names.push_back({.name = name_of(interface)});
  for (const Change& change : changes) {
    HeldName& held =
        change.kind == Change::Kind::added ? names.emplace_back() : names.at(change.position - 1);
    bool const gone = change.kind == Change::Kind::removed;
    if (gone) removed[change.position - 1] = true;
    std::string name = gone ? std::string() : name_of(change.interface);
    held = {.name = name, .made = held.made || held.name != name};
  }
  std::uint32_t position = 0;
  for (std::size_t i = 0; i < names.size(); ++i) names[i].position = removed[i] ? 0 : ++position;
  std::erase_if(names, [](const HeldName& held) { return held.name.empty(); });
  return names;
}

/// A result as it would be read by the next.
Document read_again(Scanner& scanner, std::string bytes, const std::string& file) {
  try {
    return scanner.scan(std::move(bytes), file);
  } catch (const Error& error) {
    throw Error(Exit::invalid, Place{.file = file},
                "the result would not be readable: " + error.messages().front().text,
                "nothing was written; this is a fault of virt-iface: report it with the document");
  }
}

}  // namespace

DocumentEditor::DocumentEditor(const Processing& how, Planner planner)
    : how_(how), scanner_(how.limits), planner_(std::move(planner)), stylesheet_(how.stylesheet) {}

/// With --check what ensure refuses to change is an answer, no error, in each domain of a snapshot.
Plan DocumentEditor::planned(const Document& document, const Plan* first) const try {
  return planner_(document, first);
} catch (const Error& error) {
  if (!how_.check || !error.has("differs")) throw;
  return {.differences = error.messages()};
}

/// A snapshot's second domain is the same guest's next start: it gets the same changes. Adds the edits.
std::vector<Change> DocumentEditor::plan_inactive(Document& document, EditedDocument& result) {
  if (!document.inactive_domain) return {};
  const auto of_inactive = [](std::vector<Message> messages) {
    for (Message& message : messages) message.text.insert(0, "in <inactiveDomain>: ");
    return messages;
  };
  Plan& plan = result.plan;
  std::swap(document.domain, *document.inactive_domain);
  Plan more;
  try {
    more = planned(document, &plan);
  } catch (const Error& error) {
    throw Error(error.status(), of_inactive(error.messages()));
  }
  if (how_.check) std::ranges::move(of_inactive(drift_of(more, document)), std::back_inserter(result.drift));
  std::swap(document.domain, *document.inactive_domain);
  std::ranges::move(more.edits, std::back_inserter(plan.edits));
  std::ranges::move(more.warnings, std::back_inserter(plan.warnings));
  std::ranges::move(more.differences, std::back_inserter(plan.differences));
  return std::move(more.changes);
}

/// The result, read again where something is at stake, or where the document is an odd one.
Spliced DocumentEditor::written(const Document& document, Plan& plan, const std::vector<Change>& inactive) {
  require_interfaces_only(document, plan.edits);
  Spliced result = splice(document, std::exchange(plan.edits, {}));
  if (!how_.to_files && document.utf8() && !document.doctype) return result;
  Document again = read_again(scanner_, std::move(result.bytes), document.file);
  require_as_decided(document, document.domain, plan.changes, again.domain);
  if (document.inactive_domain)
    require_as_decided(document, *document.inactive_domain, inactive,
                       again.inactive_domain.value_or(Domain{}));
  result.bytes = std::move(again.bytes);
  return result;
}

/// Runs the user's stylesheet over the result, and says what of an interface it removes that isolates it.
void DocumentEditor::style(const Document& document, Spliced& spliced, Plan& plan) {
  TransformedDocument styled = stylesheet_.transform(spliced.bytes, document.file);
  std::ranges::move(styled.notes, std::back_inserter(plan.warnings));
  if (styled.bytes != spliced.bytes) {
    const Document before = scanner_.scan(std::move(spliced.bytes), document.file);
    const Document after = scanner_.scan(styled.bytes, document.file);
    const char* why = ", which the stylesheet removes";
    std::ranges::move(lost_isolation(document.file, before.domain, after.domain, why),
                      std::back_inserter(plan.warnings));
    if (before.inactive_domain && after.inactive_domain)
      std::ranges::move(lost_isolation(document.file, *before.inactive_domain, *after.inactive_domain, why),
                        std::back_inserter(plan.warnings));
  }
  spliced.bytes = std::move(styled.bytes);
  if (how_.diff) spliced.replaced = differing_lines(document.bytes, spliced.bytes);
}

EditedDocument DocumentEditor::process(Input input) {
  if (input.tail)
    return {.output = how_.diff ? std::string() : std::get<std::string>(std::move(input.content))};
  Document document = std::holds_alternative<Document>(input.content)
                          ? std::get<Document>(std::move(input.content))
                          : scanner_.scan(std::get<std::string>(std::move(input.content)), input.label);
  std::string name = document.domain.name;
  try {
    return edited(std::move(document));
  } catch (const Error& error) {
    return {.name = std::move(name), .error = error};
  }
}

EditedDocument DocumentEditor::edited(Document document) {
  if (document.root == Root::status)
    throw Error(Exit::invalid, document.place(document.root_begin),
                "a <domstatus> is libvirt's own record of a running guest and is not edited",
                "edit the guest's <domain>; list and show read this one");
  EditedDocument result{.name = document.domain.name, .plan = planned(document, nullptr)};
  if (how_.check) result.drift = drift_of(result.plan, document);
  std::ranges::move(warnings_of_running(document, result.plan), std::back_inserter(result.plan.warnings));
  std::ranges::move(warnings_of_macs(document, result.plan.changes),
                    std::back_inserter(result.plan.warnings));
  result.identity = identity_of(document.domain.name, document.domain.uuid, document.file);
  result.macs = macs_after(document.domain, result.plan.changes);
  result.names = names_after(document.domain, result.plan.changes);
  std::vector<Change> inactive = plan_inactive(document, result);
  result.changed = !result.plan.differences.empty();
  if (result.plan.edits.empty() && !how_.stylesheet) {
    if (how_.schema) how_.schema->validate(document.bytes, document.bytes, document.root, document.file);
    if (!how_.diff) result.output = std::move(document.bytes);
    return result;
  }
  Spliced spliced = written(document, result.plan, inactive);
  std::ranges::move(inactive, std::back_inserter(result.plan.changes));
  if (how_.stylesheet) style(document, spliced, result.plan);
  result.changed = result.changed || spliced.bytes != document.bytes;
  if (how_.check && result.changed && result.drift.empty())
    result.drift.push_back(
        {.place = {.file = document.file}, .text = "would be changed", .id = "would-change"});
  if (how_.schema) how_.schema->validate(spliced.bytes, document.bytes, document.root, document.file);
  result.output =
      how_.diff ? unified_diff(document.file, document.bytes, spliced.bytes, spliced.replaced, how_.colour)
                : std::move(spliced.bytes);
  return result;
}

}  // namespace virt_iface
