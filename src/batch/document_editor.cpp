// SPDX-License-Identifier: LGPL-2.1-or-later
#include "batch/document_editor.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "batch/diff.hpp"
#include "edit/mac_register.hpp"
#include "sheet/transform.hpp"

namespace virt_iface {
namespace {

/// The MACs that the changes leave.
std::vector<std::uint64_t> macs_after(const Domain& domain, const std::vector<Change>& changes) {
  std::vector<std::uint64_t> macs;
  macs.reserve(domain.interfaces.size() + changes.size());
  for (const Element& interface : domain.interfaces) macs.push_back(mac_number(interface.at("mac/@address")));
  for (const Change& change : changes) {
    std::uint64_t const mac = mac_number(change.interface.at("mac/@address"));
    if (change.kind == Change::Kind::added)
      macs.push_back(mac);
    else
      macs.at(change.position - 1) = change.kind == Change::Kind::removed ? 0 : mac;
  }
  std::erase(macs, 0U);
  return macs;
}

}  // namespace

DocumentEditor::DocumentEditor(const Processing& how, Planner planner)
    : how_(how), scanner_(how.limits), planner_(std::move(planner)) {}

EditedDocument DocumentEditor::process(Input input) {
  if (input.tail)
    return {.output = how_.diff ? std::string() : std::get<std::string>(std::move(input.content))};
  Document document = std::holds_alternative<Document>(input.content)
                          ? std::get<Document>(std::move(input.content))
                          : scanner_.scan(std::get<std::string>(std::move(input.content)), input.label);
  if (document.root == Root::status)
    throw Error(Exit::invalid, document.place(document.root_begin),
                "a <domstatus> is libvirt's own record of a running guest and is not edited",
                "edit the guest's <domain>; list and show read this one");
  EditedDocument result{.name = document.domain.name, .plan = planner_(document)};
  result.identity = document.domain.name + '\n' + document.domain.uuid;
  result.macs = macs_after(document.domain, result.plan.changes);
  if (result.plan.edits.empty() && !how_.stylesheet) {
    if (how_.schema) how_.schema->validate(document.bytes, document.root, document.file);
    if (!how_.diff) result.output = std::move(document.bytes);
    return result;
  }
  Spliced spliced = splice(document, std::exchange(result.plan.edits, {}));
  if (how_.stylesheet) {
    TransformedDocument styled =
        transform_document(spliced.bytes, *how_.stylesheet, how_.parameters, document.file);
    spliced.bytes = std::move(styled.bytes);
    std::ranges::move(styled.notes, std::back_inserter(result.plan.warnings));
    spliced.replaced = differing_stretch(document.bytes, spliced.bytes);
  }
  result.changed = spliced.bytes != document.bytes;
  if (how_.schema) how_.schema->validate(spliced.bytes, document.root, document.file);
  result.output =
      how_.diff ? unified_diff(document.file, document.bytes, spliced.bytes, spliced.replaced, how_.colour)
                : std::move(spliced.bytes);
  return result;
}

}  // namespace virt_iface
